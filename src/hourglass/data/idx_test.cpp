#include "hourglass/data/idx.h"

#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/impl/byte_reader.h"
#include "hourglass/data/samples_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class IdxTest : public testing::Test {
 protected:
  std::filesystem::path file(const Bytes& bytes, const char* name = "file") {
    write_quickly(folder / name, bytes);
    return folder / name;
  }
  std::string images_error(const Bytes& bytes) {
    return message_of([&] { read_idx_images(file(bytes)); });
  }
  TemporaryFolder folder;
};

TEST_F(IdxTest, ReadsGreyImages) {
  const auto images = read_idx_images(file(idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6})));
  EXPECT_EQ(images.count, 2);
  EXPECT_EQ(images.shape, (ImageShape{1, 1, 3}));
  EXPECT_THAT(images.pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(IdxTest, ReadsColourImagesOfRankFour) {
  const auto images = read_idx_images(file(idx_bytes({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6})));
  EXPECT_EQ(images.shape, (ImageShape{3, 1, 2}));
}

TEST_F(IdxTest, ReadsLabels) {
  EXPECT_THAT(read_idx_labels(file(idx_bytes({3}, {7, 0, 255}))), ElementsAre(7, 0, 255));
}

TEST_F(IdxTest, ReadsTheFirstColumnOfLabelsOfRankTwo) {
  // Two rows of three numbers of 4 bytes, as in QMNIST.
  Bytes ints(24, 0);
  ints[3] = 5;
  ints[7] = 9;
  ints[14] = 1;  // 256
  EXPECT_THAT(read_idx_labels(file(idx_bytes({2, 3}, ints, 0x0c))), ElementsAre(5, 256));
  EXPECT_THAT(read_idx_labels(file(gzip_bytes(idx_bytes({2, 3}, ints, 0x0c)))),
              ElementsAre(5, 256));
  EXPECT_THAT(read_idx_labels(file(idx_bytes({2, 2}, {1, 2, 3, 4}))), ElementsAre(1, 3));
  EXPECT_THAT(read_idx_labels(file(idx_bytes({2}, {0, 1, 1, 0}, 0x0b))), ElementsAre(1, 256));
}

TEST_F(IdxTest, RefusesLabelsThatAreNoClasses) {
  const auto error = [&](const Bytes& bytes) {
    return message_of([&] { read_idx_labels(file(bytes)); });
  };
  EXPECT_THAT(error(idx_bytes({1}, {0xff, 0xff, 0xff, 0xff}, 0x0c)),
              HasSubstr("has the label -1: labels are whole numbers from 0 to 999"));
  EXPECT_THAT(error(idx_bytes({1}, {0xff, 0xfe}, 0x0b)), HasSubstr("has the label -2"));
  EXPECT_THAT(error(idx_bytes({1}, {0, 0, 3, 0xe8}, 0x0c)), HasSubstr("has the label 1000"));
  EXPECT_THAT(error(idx_bytes({1}, {0, 0, 0, 0}, 0x0d)), HasSubstr("it begins with 00 00 0d 01"));
  EXPECT_THAT(error(idx_bytes({1, 1, 1}, {0})), HasSubstr("it begins with 00 00 08 03"));
}

TEST_F(IdxTest, CountsTheWidthOfLabelsAmongTheBytes) {
  const auto error = [&](const Bytes& bytes) {
    return message_of([&] { read_idx_labels(file(bytes)); });
  };
  // 2^62 elements of 4 bytes wrap to 0 bytes.
  EXPECT_THAT(error(idx_bytes({0x80000000u, 0x80000000u}, {}, 0x0c)),
              HasSubstr("more than any memory holds"));
  EXPECT_THAT(error(idx_bytes({3}, Bytes(11, 0), 0x0c)), HasSubstr("promises 12 bytes"));
  EXPECT_THAT(error(idx_bytes({3, 0}, {}, 0x0c)), HasSubstr("3 x 0: it holds nothing"));
}

TEST_F(IdxTest, ReadsGzipWhateverItsName) {
  Rng rng(1);
  const auto pixels = random_bytes(300 * 28 * 28, rng);
  const auto images = read_idx_images(file(gzip_bytes(idx_bytes({300, 28, 28}, pixels))));
  EXPECT_EQ(images.pixels, pixels);
}

TEST_F(IdxTest, ReadsGzipOfSeveralMembers) {
  const Bytes whole = idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  Bytes members = gzip_bytes(std::span(whole).first(9));
  const Bytes second = gzip_bytes(std::span(whole).subspan(9));
  members.insert(members.end(), second.begin(), second.end());
  EXPECT_THAT(read_idx_images(file(members)).pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(IdxTest, RefusesAnotherMagic) {
  EXPECT_EQ(images_error(idx_bytes({3}, {1, 2, 3})),
            fmt::format("[data] {} is not an IDX file of images: it begins with 00 00 08 01, "
                        "expected 00 00 08 03 or 00 00 08 04",
                        (folder / "file").string()));
  EXPECT_THAT(images_error(idx_bytes({1, 1, 1}, {0, 0, 0, 0}, 0x0d)), HasSubstr("00 00 0d 03"));
  EXPECT_THAT(message_of([&] {
                read_idx_labels(file({'P', 'K', 3, 4}));
              }),
              HasSubstr("is not an IDX file of labels: it begins with 50 4b 03 04"));
}

TEST_F(IdxTest, RefusesWhatIsCutShortAnywhere) {
  const Bytes whole = idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(images_error({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
                HasSubstr("cut short"))
        << size;
  }
}

TEST_F(IdxTest, RefusesGzipCutShortAnywhere) {
  const Bytes whole = gzip_bytes(idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6}));
  for (std::size_t size = 2; size < whole.size(); ++size) {
    EXPECT_THAT(images_error({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
                HasSubstr("cut short"))
        << size;
  }
}

TEST_F(IdxTest, RefusesDamagedGzip) {
  Bytes bytes = gzip_bytes(idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 6}));
  bytes[bytes.size() - 6] ^= 1;  // in the CRC
  EXPECT_THAT(images_error(bytes), HasSubstr("damaged gzip data"));
}

TEST_F(IdxTest, RefusesTrailingBytes) {
  EXPECT_THAT(images_error(idx_bytes({1, 1, 2}, {1, 2, 3})),
              HasSubstr("is longer than the 2 bytes that its header promises"));
  EXPECT_THAT(images_error(gzip_bytes(idx_bytes({1, 1, 2}, {1, 2, 3}))),
              HasSubstr("is longer than"));
  Bytes bytes = gzip_bytes(idx_bytes({1, 1, 2}, {1, 2}));
  bytes.push_back(0);
  EXPECT_THAT(images_error(bytes), HasSubstr("other bytes after its gzip data"));
}

TEST_F(IdxTest, RefusesSizesWhoseProductOverflows) {
  const std::uint32_t most = 0xffffffffu;
  EXPECT_THAT(images_error(idx_bytes({most, most, most}, {})),
              HasSubstr("4294967295 x 4294967295 x 4294967295, more than any memory holds"));
  // Exactly 2^64, which wraps to 0.
  EXPECT_THAT(images_error(idx_bytes({0x80000000u, 0x80000000u, 4}, {})),
              HasSubstr("more than any memory holds"));
}

TEST_F(IdxTest, TakesNoMemoryForWhatTheFileCannotHold) {
  // A terabyte: allocating it would end the test.
  EXPECT_THAT(images_error(idx_bytes({1u << 20, 1024, 1024}, {1})), HasSubstr("cut short"));
  EXPECT_THAT(images_error(gzip_bytes(idx_bytes({1u << 20, 1024, 1024}, {1}))),
              HasSubstr("cut short"));
}

TEST_F(IdxTest, RefusesNothingAndOtherChannels) {
  EXPECT_THAT(images_error(idx_bytes({0, 28, 28}, {})), HasSubstr("0 x 28 x 28: it holds nothing"));
  EXPECT_THAT(images_error(idx_bytes({1, 1, 1, 2}, {1, 2})), HasSubstr("has 2 channels"));
}

TEST_F(IdxTest, RefusesOtherCountsOfLabelsNamingBothFiles) {
  const auto images = file(idx_bytes({2, 1, 1}, {1, 2}), "images");
  for (const Bytes& labels : {idx_bytes({1}, {0}), idx_bytes({3}, {0, 0, 0})}) {
    const auto path = file(labels, "labels");
    EXPECT_EQ(
        message_of([&] { read_idx_split(images, path); }),
        fmt::format("[data] {} has 2 images but {} has {} labels: they do not belong together",
                    images.string(), path.string(), labels.size() - 8));
  }
}

TEST_F(IdxTest, NamesAFileThatIsNotThere) {
  EXPECT_THAT(message_of([&] { read_idx_images(folder / "absent"); }),
              HasSubstr("absent: No such file or directory"));
  EXPECT_THAT(message_of([&] { read_idx_images(folder.path()); }), HasSubstr("not a regular file"));
}

TEST_F(IdxTest, ChecksumIsThatOfTheDecompressedBytes) {
  const Bytes abc = {'a', 'b', 'c'};
  const char* expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(sha256_of_contents(file(abc)), expected);
  EXPECT_EQ(sha256_of_contents(file(gzip_bytes(abc))), expected);
  EXPECT_EQ(sha256_of_file(file(abc)), expected);
  EXPECT_NE(sha256_of_file(file(gzip_bytes(abc))), expected);
  EXPECT_THAT(message_of([&] { sha256_of_file(file(abc), 2); }), HasSubstr("more than 2 bytes"));
}

TEST_F(IdxTest, MutatedFilesAreReadOrRefusedButNeverCrash) {
  Rng rng(2024);
  const Bytes images = idx_bytes({3, 4, 5}, random_bytes(60, rng));
  const Bytes starts[] = {images, gzip_bytes(images), idx_bytes({40}, random_bytes(40, rng)),
                          idx_bytes({2, 3, 3, 3}, random_bytes(54, rng)),
                          idx_bytes({2, 8}, Bytes(64, 0), 0x0c)};
  int refused = 0;
  constexpr int kRounds = 6000;
  for (int round = 0; round < kRounds; ++round) {
    const auto path = file(mutated(starts[round % 5], rng));
    try {
      if (round % 5 == 2 || round % 5 == 4) {
        read_idx_labels(path);
      } else {
        read_idx_images(path);
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 2);
  EXPECT_LT(refused, kRounds);  // some changes only change pixels
}

}  // namespace
}  // namespace hourglass
