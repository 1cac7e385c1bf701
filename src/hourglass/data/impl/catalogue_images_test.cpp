#include "hourglass/data/impl/catalogue_images.h"

#include <gmock/gmock.h>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/interop/zip.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

/// Small stand-ins for the published files, in a folder of data sets.
class CatalogueImagesTest : public testing::Test {
 protected:
  using Files = std::vector<std::pair<std::string, Bytes>>;

  CatalogueImagesTest() { make_folder(folder / "emnist"); }

  static const CatalogueEntry& entry(const char* name) { return *find_in_catalogue(name); }

  Dataset read(const char* name) const {
    const FileSearch search = find_files(entry(name), {folder.path()});
    if (!search.found) throw Error(ErrorKind::file, "test", "not found: " + search.tried);
    return read_catalogued(entry(name), *search.found);
  }
  std::string error(const char* name) const {
    return message_of([&] { read(name); });
  }

  /// The files of EMNIST's letters: one image of 2 x 3 in each split.
  static Files letters(std::uint8_t train_label = 1, std::uint8_t test_label = 26) {
    const std::string stem = "gzip/emnist-letters-";
    return {
        {stem + "mapping.txt", {'1', ' ', '6', '5'}},
        {stem + "train-images-idx3-ubyte.gz", gzip_bytes(idx_bytes({1, 2, 3}, {1, 2, 3, 4, 5, 6}))},
        {stem + "train-labels-idx1-ubyte.gz", gzip_bytes(idx_bytes({1}, {train_label}))},
        {stem + "test-images-idx3-ubyte.gz", gzip_bytes(idx_bytes({1, 2, 3}, Bytes(6, 9)))},
        {stem + "test-labels-idx1-ubyte.gz", gzip_bytes(idx_bytes({1}, {test_label}))}};
  }
  void zip(const Files& files, bool deflate = true) const {
    ZipWriter writer(folder / "emnist/gzip.zip", deflate);
    for (const auto& [name, content] : files) {
      const std::span<const std::uint8_t> piece(content);
      writer.add(name, std::span(&piece, 1));
    }
    writer.commit();
  }

  /// CIFAR-10's files: an image in each batch, of the class 9 - its number.
  static Files batches() {
    Files files{{"cifar-10-batches-bin/readme.html", {'x'}}};
    for (std::uint8_t i = 1; i <= 5; ++i) {
      files.push_back({fmt::format("cifar-10-batches-bin/data_batch_{}.bin", i),
                       cifar_bytes({{static_cast<std::uint8_t>(9 - i)}})});
    }
    files.push_back({"cifar-10-batches-bin/test_batch.bin", cifar_bytes({{0}, {9}})});
    return files;
  }
  void tar(const std::string& path, const Files& files) const {
    make_folder((folder / path).parent_path());
    write_quickly(folder / path, gzip_bytes(tar_bytes(files)));
  }

  TemporaryFolder folder;
};

TEST_F(CatalogueImagesTest, ReadsASplitOfEmnistFromItsArchiveUprightWithLabelsFromZero) {
  for (const bool deflate : {true, false}) {
    zip(letters(), deflate);
    const Dataset data = read("emnist_letters");
    EXPECT_EQ(data.name, "emnist_letters");
    EXPECT_EQ(data.shape, (ImageShape{1, 3, 2}));
    EXPECT_THAT(bytes_of(data.train), ElementsAre(1, 4, 2, 5, 3, 6));
    EXPECT_THAT(data.train.labels(), ElementsAre(0));
    EXPECT_THAT(data.test.labels(), ElementsAre(25));
    EXPECT_EQ(data.classes(), 26);
    EXPECT_EQ(data.class_names[25], "z");
    EXPECT_EQ(data.source, (folder / "emnist/gzip.zip").string());
    ASSERT_EQ(data.notes.size(), 1u);
    EXPECT_THAT(data.notes[0], HasSubstr("its images were turned upright"));
  }
}

TEST_F(CatalogueImagesTest, ReadsTheUnpackedFilesOfEmnistAsTorchvisionStoresThem) {
  for (const char* where : {"EMNIST/raw", "EMNIST/raw/gzip", "emnist/gzip", "emnist_letters"}) {
    make_folder(folder / where);
    for (const auto& [name, content] : letters()) {
      write_quickly(folder / where / fs::path(name).filename(), content);
    }
    const Dataset data = read("emnist_letters");
    EXPECT_THAT(bytes_of(data.train), ElementsAre(1, 4, 2, 5, 3, 6)) << where;
    EXPECT_EQ(data.source, (folder / where).string());
    fs::remove_all(folder / where);
  }
}

TEST_F(CatalogueImagesTest, LabelsOutsideTheClassesAreRefused) {
  zip(letters(0));
  EXPECT_THAT(error("emnist_letters"),
              HasSubstr("gzip.zip:gzip/emnist-letters-train-labels-idx1-ubyte.gz has the label 0, "
                        "but its classes begin at 1"));
  zip(letters(27));
  EXPECT_THAT(error("emnist_letters"),
              HasSubstr("has the label 27, but there are only 26 classes"));
}

TEST_F(CatalogueImagesTest, DamagedArchivesOfEmnistAreRefusedInOneLine) {
  Files files = letters();
  files.pop_back();
  zip(files);
  EXPECT_THAT(error("emnist_letters"),
              HasSubstr("has no file gzip/emnist-letters-test-labels-idx1-ubyte.gz"));
  EXPECT_THAT(error("emnist_digits"),
              HasSubstr("has no file gzip/emnist-digits-train-labels-idx1-ubyte.gz"));
  files = letters();
  files[1].second.resize(20);
  zip(files);
  EXPECT_THAT(error("emnist_letters"), HasSubstr("train-images-idx3-ubyte.gz is cut short"));
  zip(letters());
  const Bytes whole = read_file(folder / "emnist/gzip.zip");
  for (std::size_t size = 0; size < whole.size(); size += 13) {
    write_quickly(folder / "emnist/gzip.zip",
                  {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_THAT(error("emnist_letters"), HasSubstr("gzip.zip")) << size;
  }
}

TEST_F(CatalogueImagesTest, NamesInAnArchiveThatLeadElsewhereWriteNothing) {
  Files files = letters();
  files.push_back({"../../escaped", {1}});
  files.push_back({"/escaped", {1}});
  zip(files);
  EXPECT_EQ(read("emnist_letters").train.count(), 1);
  files = batches();
  files.push_back({"../../escaped", {1}});
  tar("cifar10/cifar-10-binary.tar.gz", files);
  EXPECT_EQ(read("cifar10").train.count(), 5);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 2);
}

TEST_F(CatalogueImagesTest, ReadsCifarFromItsArchiveWithChannelsLast) {
  for (const char* where : {"cifar10/cifar-10-binary.tar.gz", "cifar-10-binary.tar.gz"}) {
    tar(where, batches());
    const Dataset data = read("cifar10");
    EXPECT_EQ(data.shape, (ImageShape{3, 32, 32}));
    EXPECT_THAT(data.train.labels(), ElementsAre(8, 7, 6, 5, 4));
    EXPECT_THAT(data.test.labels(), ElementsAre(0, 9));
    EXPECT_EQ(data.class_names[9], "truck");
    Bytes pixels(3072);
    data.test.fill_bytes(1, pixels);
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
      ASSERT_THAT(std::span(pixels).subspan(i, 3), ElementsAre(1, 2, 3));
    }
    EXPECT_EQ(data.source, (folder / where).string());
    fs::remove(folder / where);
  }
}

TEST_F(CatalogueImagesTest, ReadsTheUnpackedBatchesOfCifar) {
  for (const char* where : {"cifar-10-batches-bin", "cifar10/cifar-10-batches-bin", "cifar10"}) {
    make_folder(folder / where);
    for (const auto& [name, content] : batches()) {
      write_quickly(folder / where / fs::path(name).filename(), content);
    }
    EXPECT_THAT(read("cifar10").train.labels(), ElementsAre(8, 7, 6, 5, 4)) << where;
    fs::remove(folder / where / "data_batch_3.bin");
    EXPECT_THAT(error("cifar10"), HasSubstr("(lacks data_batch_3.bin)"));
    fs::remove_all(folder / where);
  }
}

TEST_F(CatalogueImagesTest, ReadsTheHundredClassesOfCifar100) {
  tar("cifar100/cifar-100-binary.tar.gz",
      {{"cifar-100-binary/train.bin", cifar_bytes({{19, 99}, {0, 3}})},
       {"cifar-100-binary/test.bin", cifar_bytes({{7, 50}})}});
  const Dataset data = read("cifar100");
  EXPECT_THAT(data.train.labels(), ElementsAre(99, 3));
  EXPECT_THAT(data.test.labels(), ElementsAre(50));
  EXPECT_EQ(data.classes(), 100);
  Bytes pixels(3072);
  data.test.fill_bytes(0, pixels);
  EXPECT_THAT(Bytes(pixels.begin(), pixels.begin() + 3), ElementsAre(0, 1, 2));
}

TEST_F(CatalogueImagesTest, DamagedBatchesOfCifarAreRefused) {
  Files files = batches();
  files[2].second.pop_back();
  tar("cifar10/cifar-10-binary.tar.gz", files);
  EXPECT_THAT(error("cifar10"),
              HasSubstr("cifar-10-binary.tar.gz:cifar-10-batches-bin/data_batch_2.bin has 3072 "
                        "bytes, which is no whole number of records of 3073"));
  files = batches();
  files[2].second.clear();
  tar("cifar10/cifar-10-binary.tar.gz", files);
  EXPECT_THAT(error("cifar10"), HasSubstr("has 0 bytes"));
  files = batches();
  files[2].second[0] = 10;
  tar("cifar10/cifar-10-binary.tar.gz", files);
  EXPECT_THAT(error("cifar10"), HasSubstr("has the label 10, but there are only 10 classes"));
  files = batches();
  files.pop_back();
  tar("cifar10/cifar-10-binary.tar.gz", files);
  EXPECT_THAT(error("cifar10"), HasSubstr("has no file cifar-10-batches-bin/test_batch.bin"));
}

TEST_F(CatalogueImagesTest, TheVersionOfCifarForPythonIsNamedAndNotRead) {
  make_folder(folder / "cifar-10-batches-py");
  EXPECT_THAT(error("cifar10"),
              HasSubstr("cifar-10-batches-py (the version for Python, which is not read)"));
}

TEST_F(CatalogueImagesTest, ReadsQmnistAndDottedNamesOfMnist) {
  make_folder(folder / "QMNIST/raw");
  make_folder(folder / "mnist");
  for (const char* part : {"train", "test"}) {
    const fs::path raw = folder / "QMNIST/raw";
    write_quickly(raw / fmt::format("qmnist-{}-images-idx3-ubyte", part),
                  idx_bytes({1, 1, 2}, {3, 4}));
    Bytes label(32, 0);
    label[3] = 7;
    write_quickly(raw / fmt::format("qmnist-{}-labels-idx2-int", part),
                  idx_bytes({1, 8}, label, 0x0c));
  }
  EXPECT_THAT(read("qmnist").train.labels(), ElementsAre(7));
  for (const char* part : {"train", "t10k"}) {
    write_quickly(folder / "mnist" / fmt::format("{}-images.idx3-ubyte", part),
                  idx_bytes({1, 1, 2}, {5, 5}));
    write_quickly(folder / "mnist" / fmt::format("{}-labels.idx1-ubyte.gz", part),
                  gzip_bytes(idx_bytes({1}, {6})));
  }
  EXPECT_THAT(bytes_of(read("mnist").test), Each(5));
  EXPECT_THAT(read("mnist").notes, testing::IsEmpty());
}

}  // namespace
}  // namespace hourglass
