#include "hourglass/data/impl/idx_folder.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class IdxFolderTest : public testing::Test {
 protected:
  IdxFolderTest() { make_folder(mine); }

  /// `n` images of 1 x 2 whose pixels are `first`, `first` + 1, ...
  void put_images(const std::string& name, std::uint32_t n, std::uint8_t first = 0) const {
    Bytes pixels(2 * std::size_t{n});
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = static_cast<std::uint8_t>(first + i);
    }
    put(name, idx_bytes({n, 1, 2}, pixels));
  }
  void put_labels(const std::string& name, const Bytes& labels) const {
    put(name, idx_bytes({static_cast<std::uint32_t>(labels.size())}, labels));
  }
  void put(const std::string& name, const Bytes& bytes) const {
    write_quickly(mine / name, name.ends_with(".gz") ? gzip_bytes(bytes) : bytes);
  }
  Dataset read() const { return read_idx_folder(mine, false); }
  std::string error() const {
    return message_of([&] { read(); });
  }

  TemporaryFolder folder;
  fs::path mine = folder / "mine";
};

TEST_F(IdxFolderTest, ReadsPairsUnderAnyOfTheUsualNames) {
  const std::array<std::array<const char*, 4>, 5> names = {{
      {"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
       "t10k-labels.idx1-ubyte"},
      {"kana-letters-train-images-idx3-ubyte.gz", "kana-letters-train-labels-idx1-ubyte.gz",
       "kana-letters-test-images-idx3-ubyte.gz", "kana-letters-test-labels-idx1-ubyte.gz"},
      {"Train_Images-idx3", "Train_Labels-idx1", "Test_Images-idx3", "Test_Labels-idx1"},
      {"x.training-image-idx3-ubyte", "x.training-label-idx1-ubyte", "x.testing-image-idx3-ubyte",
       "x.testing-label-idx1-ubyte"},
      {"images-train-images-idx3-byte", "images-train-labels-idx1-byte",
       "images-t10k-images-idx3-byte", "images-t10k-labels-idx1-byte"},
  }};
  for (const auto& four : names) {
    fs::remove_all(mine);
    make_folder(mine);
    put_images(four[0], 3, 10);
    put_labels(four[1], {0, 2, 1});
    put_images(four[2], 1, 50);
    put_labels(four[3], {2});
    EXPECT_TRUE(holds_idx_files(mine)) << four[0];
    const Dataset data = read();
    EXPECT_THAT(bytes_of(data.train), ElementsAre(10, 11, 12, 13, 14, 15)) << four[0];
    EXPECT_THAT(data.train.labels(), ElementsAre(0, 2, 1));
    EXPECT_THAT(bytes_of(data.test), ElementsAre(50, 51));
    EXPECT_THAT(data.test.labels(), ElementsAre(2));
    EXPECT_THAT(data.class_names, ElementsAre("0", "1", "2"));
    EXPECT_EQ(data.name, "mine");
    EXPECT_EQ(data.source, mine.string());
    EXPECT_THAT(data.notes, IsEmpty());
  }
}

TEST_F(IdxFolderTest, TakesTheFirstColumnOfLabelsOfSeveral) {
  put_images("qmnist-train-images-idx3-ubyte.gz", 2);
  put_images("qmnist-test-images-idx3-ubyte.gz", 1);
  Bytes ints(64, 0);
  ints[3] = 4;
  ints[7] = 99;
  ints[35] = 1;
  put("qmnist-train-labels-idx2-int.gz", idx_bytes({2, 8}, ints, 0x0c));
  put("qmnist-test-labels-idx2-int.gz", idx_bytes({1, 8}, Bytes(32, 0), 0x0c));
  const Dataset data = read();
  EXPECT_THAT(data.train.labels(), ElementsAre(4, 1));
  EXPECT_EQ(data.classes(), 5);
}

TEST_F(IdxFolderTest, DividesASinglePairByClassesAndSaysSo) {
  put_images("faces-images-idx3-ubyte", 13);
  put_labels("faces-labels-idx1-ubyte", {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1});
  const Dataset data = read();
  EXPECT_THAT(bytes_of(data.test), ElementsAre(10, 11, 22, 23));  // the sixth of each
  EXPECT_THAT(data.test.labels(), ElementsAre(0, 1));
  EXPECT_EQ(data.train.count(), 11);
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_THAT(data.notes[0], HasSubstr("has no test images of its own: every sixth image of each"));
}

TEST_F(IdxFolderTest, ReadsImagesWithoutLabels) {
  put_images("images-idx3-ubyte", 12);
  Dataset data = read();
  EXPECT_EQ(data.train.count(), 10);
  EXPECT_EQ(data.test.count(), 2);
  EXPECT_THAT(data.train.labels(), IsEmpty());
  EXPECT_THAT(data.class_names, IsEmpty());
  fs::remove(mine / "images-idx3-ubyte");
  put_images("train-images-idx3-ubyte", 3);
  put_images("test-images-idx3-ubyte", 2);
  data = read();
  EXPECT_EQ(data.train.count(), 3);
  EXPECT_EQ(data.test.count(), 2);
  EXPECT_THAT(data.test.labels(), IsEmpty());
}

TEST_F(IdxFolderTest, TooFewImagesOfASinglePairAreRefused) {
  put_images("images-idx3-ubyte", 5);
  EXPECT_THAT(error(), HasSubstr("leaves no image to test with: a class needs at least 6"));
}

TEST_F(IdxFolderTest, NamesTheFileThatIsMissing) {
  put_images("train-images-idx3-ubyte", 1);
  put_labels("train-labels-idx1-ubyte", {0});
  put_labels("t10k-labels-idx1-ubyte.gz", {0});
  EXPECT_EQ(error(), fmt::format("[data] {} lacks the file t10k-images-idx3-ubyte (or "
                                 "t10k-images-idx3-ubyte.gz)",
                                 mine.string()));
  fs::remove(mine / "t10k-labels-idx1-ubyte.gz");
  put_images("t10k-images-idx3-ubyte", 1);
  EXPECT_THAT(error(), HasSubstr("lacks the file t10k-labels-idx1-ubyte"));
}

TEST_F(IdxFolderTest, RefusesSeveralDataSetsInOneFolderAndNamesThem) {
  put_images("a-train-images-idx3-ubyte", 1);
  put_images("b-train-images-idx3-ubyte", 1);
  EXPECT_EQ(error(),
            fmt::format("[data] {} holds the IDX files of 2 data sets (a, b): put those of "
                        "one into a folder of its own",
                        mine.string()));
  fs::remove(mine / "b-train-images-idx3-ubyte");
  put_images("a-images-idx3-ubyte", 1);
  EXPECT_THAT(error(), HasSubstr("a-images-idx3-ubyte, which says neither train nor test"));
}

TEST_F(IdxFolderTest, PrefersThePlainFileOfTwo) {
  put_images("images-idx3-ubyte", 6, 1);
  put_images("images-idx3-ubyte.gz", 6, 100);
  EXPECT_THAT(bytes_of(read().test), ElementsAre(11, 12));
}

TEST_F(IdxFolderTest, PassesOverOtherFiles) {
  for (const char* name : {"mapping.txt", "train-images-idx3-ubyte.xz", "images-idx3-ubyte.part",
                           "labels.npy", "images-idx-ubyte", ".images"}) {
    put(name, {1, 2, 3});
  }
  EXPECT_FALSE(holds_idx_files(mine));
  make_folder(mine / "images-idx3-ubyte");
  EXPECT_FALSE(holds_idx_files(mine));
}

TEST_F(IdxFolderTest, SuggestsToTransposeWhatIsCalledEmnist) {
  put_images("emnist-digits-train-images-idx3-ubyte", 2);
  put_images("emnist-digits-test-images-idx3-ubyte", 2);
  ASSERT_EQ(read().notes.size(), 1u);
  EXPECT_THAT(read().notes[0], HasSubstr("turn them upright with `transpose`"));
  EXPECT_THAT(read_idx_folder(mine, true).notes, IsEmpty());
}

TEST_F(IdxFolderTest, RefusesPairsThatDoNotBelongTogether) {
  put_images("train-images-idx3-ubyte", 2);
  put("test-images-idx3-ubyte", idx_bytes({1, 2, 2}, Bytes(4)));
  EXPECT_THAT(error(), HasSubstr("they do not belong together"));
  put_images("test-images-idx3-ubyte", 2);
  put_labels("train-labels-idx1-ubyte", {0, 1, 2});
  put_labels("test-labels-idx1-ubyte", {0, 1});
  EXPECT_THAT(error(), HasSubstr("has 2 images but"));
}

}  // namespace
}  // namespace hourglass
