#include "hourglass/data/open.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/environment_test.h"
#include "hourglass/data/idx.h"
#include "hourglass/data/manage.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// The working folder, the cache and the network belong to the test, so no other data set is found.
class OpenTest : public testing::Test {
 protected:
  OpenTest() : before(fs::current_path()) { fs::current_path(folder.path()); }
  ~OpenTest() override { fs::current_path(before); }

  Dataset open(const std::string& name) { return open_dataset(name, options); }
  std::string error(const std::string& name) {
    return message_of([&] { open_dataset(name, options); });
  }
  static void put_mnist(const fs::path& where, std::uint32_t n_train, bool compressed = true) {
    write_idx_dataset(where, n_train, 3, 4, 10, compressed);
  }

  TemporaryFolder folder;
  fs::path before;
  ScopedVariable data_dir{"HOURGLASS_DATA_DIR", ""};
  ScopedVariable cache{"XDG_CACHE_HOME", (folder / "cache").string()};
  ScopedVariable proxy{"https_proxy", "http://127.0.0.1:1"};  // nothing listens there
  OpenOptions options;
};

TEST_F(OpenTest, FindsTheFourFilesInEachFolder) {
  for (const char* candidate : {"data/mnist", "data/MNIST/raw", "cache/hourglass/mnist"}) {
    for (const bool compressed : {true, false}) {
      put_mnist(candidate, 5, compressed);
      const Dataset data = open("mnist");
      EXPECT_EQ(data.name, "mnist");
      EXPECT_EQ(data.shape, (ImageShape{1, 4, 4}));
      EXPECT_EQ(data.train.count(), 5);
      EXPECT_EQ(data.test.count(), 3);
      EXPECT_EQ(data.train.columns(), 16);
      EXPECT_EQ(data.classes(), 10);
      EXPECT_THAT(data.source, HasSubstr(candidate));
      fs::remove_all(candidate);
    }
  }
}

TEST_F(OpenTest, KeepsToTheOrderOfTheFolders) {
  put_mnist("cache/hourglass/mnist", 11);
  EXPECT_EQ(open("mnist").train.count(), 11);
  put_mnist("data/MNIST/raw", 12);
  EXPECT_EQ(open("mnist").train.count(), 12);
  put_mnist("named/mnist", 13);
  const ScopedVariable variable("HOURGLASS_DATA_DIR", (folder / "named").string());
  EXPECT_EQ(open("mnist").train.count(), 13);
  put_mnist("given/mnist", 14);
  options.data_dir = "given";
  EXPECT_EQ(open("mnist").train.count(), 14);
}

TEST_F(OpenTest, PassesOverAHalfFilledFolder) {
  put_mnist("data/mnist", 5);
  fs::remove("data/mnist/t10k-labels-idx1-ubyte.gz");
  put_mnist("cache/hourglass/mnist", 6);
  EXPECT_EQ(open("mnist").train.count(), 6);
  fs::remove_all("cache");
  options.allow_download = false;
  EXPECT_THAT(error("mnist"), HasSubstr("data/mnist (lacks t10k-labels-idx1-ubyte)"));
}

TEST_F(OpenTest, RefusesADataDirThatIsNotThereOrCannotBeRead) {
  put_mnist("data/mnist", 5);
  options.data_dir = "absent";
  EXPECT_EQ(error("mnist"), "[data] `data_dir` absent: no such folder");
  options.data_dir = "data/mnist/t10k-labels-idx1-ubyte.gz";
  EXPECT_THAT(error("mnist"), HasSubstr("is not a folder"));
}

TEST_F(OpenTest, ANamedDataDirWithoutTheDataSetIsAnErrorWhateverOtherCopiesThereAre) {
  put_mnist("data/mnist", 5);
  put_mnist("cache/hourglass/mnist", 6);
  make_folder("given");
  options.data_dir = "given";
  EXPECT_EQ(error("mnist"),
            "[data] `data_dir` given holds no mnist: there is nothing; looked for in given/mnist: "
            "put its files there, or download them with `hourglass data fetch mnist --data_dir "
            "given`");
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    write_quickly(fs::path("given") / name, {});
  EXPECT_THAT(error("mnist"), HasSubstr("there is a, b, c, d and 2 more; looked for in"));
  put_mnist("given/mnist", 7);
  fs::remove("given/mnist/t10k-labels-idx1-ubyte.gz");
  EXPECT_THAT(error("mnist"), HasSubstr("given/mnist (lacks t10k-labels-idx1-ubyte)"));
}

TEST_F(OpenTest, FetchTakesTheNamedFolderAsThePlaceOfTheDownload) {
  make_folder("given");
  options.data_dir = "given";
  EXPECT_THAT(message_of([&] { fetch_dataset("emnist_letters", options); }),
              AllOf(HasSubstr("could not be downloaded"),
                    HasSubstr("or put the file into given/emnist yourself")));
  EXPECT_TRUE(fs::is_directory("given/emnist"));
  EXPECT_FALSE(fs::exists("cache/hourglass"));
}

TEST_F(OpenTest, FindsFilesWithADotForTheHyphen) {
  put_mnist("given/mnist", 8, false);
  for (const auto name : kIdxFileNames) {
    std::string dotted(name);
    dotted[dotted.find("-idx")] = '.';
    fs::rename(fs::path("given/mnist") / name, fs::path("given/mnist") / dotted);
  }
  options.data_dir = "given";
  EXPECT_EQ(open("mnist").train.count(), 8);
  EXPECT_EQ(open("mnist").source, "given/mnist");
}

TEST_F(OpenTest, TransposesImagesOfOnesOwnAndNoOthers) {
  write_idx_dataset("mine", 7, 2, 4, 3, true);
  const Bytes stored = bytes_of(open("mine").train);
  options.transpose = true;
  const Dataset data = open("mine");
  const Bytes turned = bytes_of(data.train);
  for (std::size_t y = 0; y < 4; ++y) {
    for (std::size_t x = 0; x < 4; ++x) EXPECT_EQ(turned[y * 4 + x], stored[x * 4 + y]);
  }
  EXPECT_EQ(data.sha256, dataset_sha256(data));
  put_mnist("data/mnist", 5);
  for (const char* name : {"mnist", "strokes"}) {
    EXPECT_EQ(error(name), fmt::format("[data] `transpose` is for images of your own: those of {} "
                                       "are upright",
                                       name));
  }
}

TEST_F(OpenTest, SaysWhereItLookedWhenNothingIsFoundAndNothingMayBeDownloaded) {
  options.allow_download = false;
  EXPECT_EQ(error("fashion_mnist"),
            fmt::format("[data] fashion_mnist was not found, looked for in data/fashion_mnist, "
                        "{}/cache/hourglass/fashion_mnist: fetch it with `hourglass data fetch "
                        "fashion_mnist`, put its files into DIR/fashion_mnist and name DIR with "
                        "`data_dir`, or use `dataset` strokes, which is built in",
                        folder.path().string()));
}

TEST_F(OpenTest, WithoutANetworkSaysSoWithinThirtySeconds) {
  const double start = monotonic_seconds();
  const std::string text = error("mnist");
  EXPECT_LT(monotonic_seconds() - start, 30.0);
  EXPECT_THAT(text,
              AllOf(HasSubstr("looked for in data/mnist"), HasSubstr("could not be downloaded"),
                    HasSubstr("ossci-datasets"), HasSubstr("Failed to connect"),
                    HasSubstr("`dataset` strokes"), testing::Not(HasSubstr("\n"))));
}

TEST_F(OpenTest, SuggestsTheNearestKnownName) {
  EXPECT_EQ(error("fashion-mnist"),
            "[data] unknown data set fashion-mnist: did you mean fashion_mnist? Known are mnist, "
            "fashion_mnist, kmnist, qmnist, emnist_balanced, emnist_byclass, emnist_bymerge, "
            "emnist_digits, emnist_letters, emnist_mnist, cifar10, cifar100, strokes, and any "
            "folder of images by its path");
  EXPECT_THAT(error("imagenet"), HasSubstr("unknown data set imagenet: known are mnist"));
  EXPECT_EQ(error("./cifar10"), "[data] ./cifar10: no such folder");
  write_quickly("file", {1});
  EXPECT_EQ(error("file"),
            "[data] file is not a folder of images, nor a .npz, .npy, .csv or .tsv file");
}

TEST_F(OpenTest, RefusesLabelsBeyondTheClasses) {
  put_mnist("data/mnist", 5, false);
  write_quickly("data/mnist/train-labels-idx1-ubyte", idx_bytes({5}, {0, 1, 10, 3, 4}));
  EXPECT_EQ(error("mnist"),
            "[data] data/mnist/train-labels-idx1-ubyte has the label 10, but there are only 10 "
            "classes");
}

TEST_F(OpenTest, RefusesTrainAndTestOfDifferentShapes) {
  put_mnist("data/mnist", 5, false);
  write_quickly("data/mnist/t10k-images-idx3-ubyte", idx_bytes({3, 1, 2}, Bytes(6)));
  EXPECT_THAT(error("mnist"),
              HasSubstr("1 x 4 x 4 but data/mnist/t10k-images-idx3-ubyte of 1 x 1"));
}

TEST_F(OpenTest, ReadsAFolderOfIdxFilesByItsPath) {
  write_idx_dataset("mine", 7, 2, 4, 3, true);
  write_quickly("mine/train-labels-idx1-ubyte", idx_bytes({7}, {0, 1, 2, 0, 1, 2, 4}));
  const Dataset data = open("mine/");
  EXPECT_EQ(data.name, "mine");
  EXPECT_THAT(data.class_names, ElementsAre("0", "1", "2", "3", "4"));
  fs::remove("mine/t10k-images-idx3-ubyte.gz");
  EXPECT_THAT(error("mine"), HasSubstr("lacks the file t10k-images-idx3-ubyte"));
  write_quickly("mine/t10k-images-idx4-ubyte", idx_bytes({2, 4, 4, 1}, Bytes(32, 9)));
  EXPECT_THAT(bytes_of(open("mine").test), testing::Each(9));
}

TEST_F(OpenTest, ReadsOnesOwnImages) {
  make_folder("faces/a");
  for (int i = 0; i < 6; ++i) {
    write_quickly(fmt::format("faces/a/{}.png", i), png_bytes(ByteImage{{1, 2, 2}, Bytes(4, 8)}));
  }
  const Dataset data = open("faces");
  EXPECT_EQ(data.name, "faces");
  EXPECT_EQ(data.train.count(), 5);
  EXPECT_EQ(data.sha256.size(), 64u);
}

TEST_F(OpenTest, BringsAnyDataSetToTheSizeAskedFor) {
  put_mnist("data/mnist", 5);
  options.image_size = ImageSize{8, 12};
  const Dataset data = open("mnist");
  EXPECT_EQ(data.shape, (ImageShape{1, 8, 12}));
  EXPECT_EQ(data.train.columns(), 96);
  options.image_size = ImageSize{0, 12};
  EXPECT_THAT(error("mnist"), HasSubstr("image size 0 x 12"));
}

TEST_F(OpenTest, DrawsStrokesAnyNumberFromASeed) {
  options.strokes_train = 30;
  options.strokes_test = 10;
  const Dataset data = open("strokes");
  EXPECT_EQ(data.train.count(), 30);
  EXPECT_EQ(data.test.count(), 10);
  EXPECT_EQ(data.source, "built in");
  Bytes first = bytes_of(data.train);
  first.resize(7840);
  EXPECT_NE(first, bytes_of(data.test));
  options.strokes_seed = 5;
  EXPECT_NE(open("strokes").sha256, data.sha256);
  options.strokes_test = 0;
  EXPECT_THAT(error("strokes"), HasSubstr("at least 1 of each"));
}

TEST_F(OpenTest, HashCoversShapePixelsAndLabelsOfBothSplits) {
  put_mnist("data/mnist", 5);
  const Dataset data = open("mnist");
  EXPECT_EQ(data.sha256, dataset_sha256(data));
  Dataset other = data;
  const auto expect_other = [&] {
    EXPECT_NE(dataset_sha256(other), data.sha256);
    other = data;
  };
  other.name = "another name";
  EXPECT_EQ(dataset_sha256(other), data.sha256);
  std::swap(other.shape.height, other.shape.channels);
  expect_other();
  for (RowSource* rows : {&other.train, &other.test}) {
    Bytes bytes = bytes_of(*rows);
    const std::vector<std::int64_t> labels = labels_of(*rows);
    bytes[7] ^= 1;
    *rows = byte_rows(bytes, 16, labels);
    expect_other();
  }
  for (RowSource* rows : {&other.train, &other.test}) {
    std::vector<std::int64_t> labels = labels_of(*rows);
    labels[2] ^= 1;
    *rows = byte_rows(bytes_of(*rows), 16, labels);
    expect_other();
  }
}

TEST_F(OpenTest, TheHashOfBytesIsThatOfVersion010) {
  Dataset data;
  data.shape = {1, 1, 2};
  data.train = byte_rows({1, 2, 3, 4}, 2, {0, 1});
  data.test = byte_rows({5, 6}, 2, {1});
  EXPECT_EQ(dataset_sha256(data),
            "fa236961e2c57ae26a390b5889d6fc099dba7b99a707488645546bc924495472");
}

TEST_F(OpenTest, TheHashTellsFloatsFromBytesAndNoLabelsFromLabelsAndForgetsNames) {
  Dataset data;
  data.shape = {1, 1, 2};
  const auto hash_with = [&](RowSource train) {
    data.train = std::move(train);
    data.test = data.train;
    return dataset_sha256(data);
  };
  Tensor ones(Shape{2, 2});
  std::ranges::fill(ones.span(), 1.0f);
  const Bytes bytes(4, 255);
  std::set<std::string> hashes{
      hash_with(byte_rows(bytes, 2, {0, 1})), hash_with(byte_rows(bytes, 2)),
      hash_with(float_rows(ones.clone(), {0, 1})), hash_with(float_rows(ones.clone()))};
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_EQ(hash_with(ones), hash_with(ones.clone())) << "borrowed and owned";
  EXPECT_EQ(hash_with(byte_rows(bytes, 2, {0, 1}, {"a", "b"})),
            hash_with(byte_rows(bytes, 2, {0, 1})));
  ones[3] = 0.5f;
  EXPECT_FALSE(hashes.contains(hash_with(ones)));
}

TEST_F(OpenTest, ListSaysWhatIsHere) {
  put_mnist("data/mnist", 5);
  const auto facts = list_datasets(options);
  ASSERT_EQ(facts.size(), 13u);
  EXPECT_EQ(facts[0].name, "mnist");
  EXPECT_EQ(facts[0].location, "data/mnist");
  EXPECT_EQ(facts[1].location, "not here");
  EXPECT_FALSE(facts[1].here);
  EXPECT_EQ(facts[1].train_images, 60000);
  EXPECT_EQ(facts[1].licence, "MIT");
  EXPECT_EQ(facts[1].download_bytes, 26421880 + 29515 + 4422102 + 5148);
  EXPECT_EQ(facts.back().name, "strokes");
  EXPECT_EQ(facts.back().location, "built in");
  put_mnist("given/mnist", 5);
  options.data_dir = "given/mnist";
  EXPECT_FALSE(list_datasets(options)[0].here) << "another folder was named";
}

TEST_F(OpenTest, FetchLeavesWhatIsHere) {
  put_mnist("data/mnist", 5);
  EXPECT_EQ(fetch_dataset("mnist", options), "data/mnist");
  EXPECT_THAT(message_of([&] { fetch_dataset("mnits", options); }),
              HasSubstr("did you mean mnist?"));
  EXPECT_THAT(message_of([&] { fetch_dataset("strokes", options); }),
              HasSubstr("strokes is built in"));
}

TEST_F(OpenTest, VerifyReportsEachFile) {
  put_mnist("data/mnist", 5);
  write_quickly("data/mnist/t10k-labels-idx1-ubyte.gz", {0x1f, 0x8b, 8});
  const auto checks = verify_dataset("mnist", options);
  ASSERT_EQ(checks.size(), 4u);
  EXPECT_FALSE(checks[0].good());
  EXPECT_EQ(checks[0].found.size(), 64u);
  EXPECT_THAT(checks[3].trouble, HasSubstr("t10k-labels-idx1-ubyte.gz is cut short"));
  EXPECT_FALSE(checks[3].good());
}

TEST_F(OpenTest, VerifyChecksAnUnpackedFileByThePackedOneBesideIt) {
  // The checksums of KMNIST are over the packed files.
  put_mnist("data/kmnist", 5, false);
  auto checks = verify_dataset("kmnist", options);
  ASSERT_EQ(checks.size(), 4u);
  for (const FileCheck& check : checks) {
    EXPECT_FALSE(check.good() || check.has_checksum) << check.path;
    EXPECT_THAT(check.trouble, HasSubstr(".gz, which has the checksum"));
  }
  write_quickly("data/kmnist/t10k-labels-idx1-ubyte.gz", gzip_bytes(Bytes{1}));
  checks = verify_dataset("kmnist", options);
  EXPECT_TRUE(checks[3].has_checksum);
  EXPECT_FALSE(checks[3].good());
  EXPECT_THAT(checks[3].trouble, HasSubstr("beside it, which has the checksum, has other bytes"));
}

TEST_F(OpenTest, VerifyChecksAnArchiveAndSaysWhatOfItsFilesHasNoChecksum) {
  make_folder("data/cifar10");
  write_quickly("data/cifar10/cifar-10-binary.tar.gz", {1, 2, 3});
  auto checks = verify_dataset("cifar10", options);
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].found, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  EXPECT_FALSE(checks[0].good());
  for (const char* name : {"train.bin", "test.bin"}) {
    make_folder("data/cifar-100-binary");
    write_quickly(fs::path("data/cifar-100-binary") / name, {1});
  }
  checks = verify_dataset("cifar100", options);
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_FALSE(checks[1].has_checksum);
  EXPECT_THAT(checks[1].trouble, HasSubstr("only cifar-100-binary.tar.gz has a checksum"));
}

TEST(PublishedData, HasTheChecksumsOfTheCatalogue) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  const fs::path shared = fs::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
  if (!fs::exists(shared)) GTEST_SKIP() << "no " << shared << ": MNIST and Fashion-MNIST not read";
  OpenOptions options;
  options.data_dir = shared;
  for (const auto& facts : list_datasets(options)) {
    if (!facts.here || facts.name == "strokes") continue;
    const CatalogueEntry& entry = *find_in_catalogue(facts.name);
    for (const auto& check : verify_dataset(entry.name, options)) {
      EXPECT_TRUE(check.good()) << check.path << " " << check.found << " " << check.trouble;
    }
    const Dataset data = open_dataset(entry.name, options);
    EXPECT_EQ(data.train.count(), entry.train_images);
    EXPECT_EQ(data.test.count(), entry.test_images);
    EXPECT_EQ(data.shape, entry.shape);
    EXPECT_EQ(*std::ranges::max_element(data.train.labels()), data.classes() - 1);
  }
}

}  // namespace
}  // namespace hourglass
