// The data verbs, what `doctor` shows, and the errors for damaged data.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hourglass/data/catalogue.h"
#include "hourglass/data/strokes.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class CliData : public CommandLine {
 protected:
  fs::path file(int which) const { return folder / "data/mnist" / kIdxFileNames.at(which); }
  /// Training on ./data/mnist is refused in one line with all of these words, and writes no file.
  void expect_refused(const Words& parts) {
    const Outcome outcome = run({"train", "--dataset", "mnist", "--epochs", "1"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, StartsWith("hourglass: ["));
    for (const std::string& part : parts) EXPECT_THAT(outcome.err, HasSubstr(part));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(fs::exists(folder / "models"));
  }
};

TEST_F(CliData, ListTellsWhatIsHere) {
  const Outcome before = run({"data", "list"});
  EXPECT_EQ(before.status, 0);
  for (const char* line : {"mnist            60000  10000  1 x 28 x 28 not here (12 MB)",
                           "emnist_balanced 112800  18800  1 x 28 x 28 not here (562 MB)",
                           "cifar100         50000  10000  3 x 32 x 32 not here (169 MB)",
                           "strokes          12000   2000  1 x 28 x 28 built in"}) {
    EXPECT_THAT(before.out, HasSubstr(std::string("\n") + line + "\n"));
  }
  EXPECT_THAT(before.out, HasSubstr("\nnext: hourglass data fetch mnist\n"));
  write_small_idx(folder / "data/mnist", 10, 10);
  const std::string after = run({"data", "list"}).out;
  EXPECT_THAT(after, HasSubstr("1 x 28 x 28 data/mnist\n"));
  EXPECT_THAT(after, HasSubstr("\nnext: hourglass train --dataset mnist\n"));
}

TEST_F(CliData, ListFitsEightyColumns) {
  fs::create_directories(folder / ".cache/hourglass");
  for (const char* name : {"fashion_mnist", "kmnist"}) {
    write_small_idx(folder / ".cache/hourglass" / name, 1, 1);
  }
  const std::string list = run({"data", "list"}).out;
  EXPECT_THAT(list, HasSubstr(" ~/.cache/hourglass/fashion_mnist\n"));
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(CliData, ListAsJsonIsJsonAlone) {
  const auto json = nlohmann::json::parse(run({"data", "list", "--json"}).out);
  ASSERT_EQ(json.size(), 13U);
  EXPECT_EQ(json[0].at("name"), "mnist");
  EXPECT_EQ(json[0].at("here"), false);
  EXPECT_EQ(json[0].at("licence"), "CC BY-SA 3.0");
  EXPECT_EQ(json[0].at("download_bytes"), 9912422 + 28881 + 1648877 + 4542);
  EXPECT_EQ(json[1].at("class_names").at(0), "T-shirt/top");
  EXPECT_EQ(json[12].at("here"), true);
}

TEST_F(CliData, VerifyNamesFilesWithOtherBytes) {
  write_small_idx(folder / "data/mnist", 10, 10);
  const Outcome outcome = run({"data", "verify", "mnist"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("BAD   data/mnist/train-images-idx3-ubyte: has other bytes"));
  EXPECT_EQ(outcome.err,
            "hourglass: [data] 4 of the 4 files of mnist are damaged: delete them, "
            "then run `hourglass data fetch mnist`\n");
  const auto json = nlohmann::json::parse(run({"data", "verify", "mnist", "--json"}).out);
  EXPECT_EQ(json.at("good"), false);
  EXPECT_EQ(json.at("files").size(), 4U);
}

TEST_F(CliData, VerifyingWhatIsNotHereFails) {
  const Outcome outcome = run({"data", "verify", "mnist"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [data] mnist was not found, looked for in "));
  EXPECT_THAT(outcome.err, HasSubstr("`hourglass data fetch mnist`"));
}

TEST_F(CliData, TheRealMnistIsGood) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  const fs::path shared = fs::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
  if (!fs::exists(shared / "mnist")) GTEST_SKIP() << "MNIST's checksums: ../shared is not here";
  set["HOURGLASS_DATA_DIR"] = fs::canonical(shared).string();
  EXPECT_EQ(run({"data", "verify", "mnist"}).status, 0);
  EXPECT_THAT(run({"data", "fetch", "mnist"}).out, StartsWith("mnist is here already: "));
}

TEST_F(CliData, WhatIsBuiltInIsNotFetched) {
  const Outcome outcome = run({"data", "fetch", "strokes"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "hourglass: [data] strokes is built in: it has no files to fetch or verify\n");
}

TEST_F(CliData, FetchingWithoutAFolderForItFailsAtOnce) {
  set["HOME"] = "";
  const Outcome outcome = run({"data", "fetch", "mnist"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("neither HOME nor XDG_CACHE_HOME is set"));
}

TEST_F(CliData, ADataFolderThatIsMissingIsNamed) {
  const Outcome outcome = run({"train", "--dataset", "mnist", "--data_dir", "absent"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "hourglass: [data] --data_dir absent: no such folder\n");
  write_text(folder / "file", "");
  EXPECT_EQ(run({"train", "--dataset", "mnist", "--data_dir", "file"}).err,
            "hourglass: [data] --data_dir file: is not a folder\n");
}

TEST_F(CliData, ANamedFolderWithoutTheDataSetIsAnErrorWhateverOtherCopiesThereAre) {
  write_small_idx(folder / "data/mnist", 10, 10);
  write_text(folder / "given/notes.txt", "");
  for (const Words& call : {Words{"train", "--epochs", "1"}, Words{"data", "verify", "mnist"}}) {
    Words all = call;
    all.insert(all.end(), {"--data_dir", "given"});
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(
        outcome.err,
        "hourglass: [data] --data_dir given holds no mnist: there is notes.txt; looked for in "
        "given/mnist: put its files there, or download them with `hourglass data fetch mnist "
        "--data_dir given`\n");
  }
  EXPECT_FALSE(fs::exists(folder / "models"));
}

TEST_F(CliData, IdxFilesUnderOtherNamesAreTrainedOn) {
  write_small_idx(folder / "mine", 30, 12);
  const char* const names[] = {
      "emnist-x-train-images.idx3-ubyte", "emnist-x-train-labels.idx1-ubyte",
      "emnist-x-test-images.idx3-ubyte", "emnist-x-test-labels.idx1-ubyte"};
  for (std::size_t i = 0; i < 4; ++i) {
    fs::rename(folder / "mine" / kIdxFileNames[i], folder / "mine" / names[i]);
  }
  const Words call{"train", "--dataset", "mine", "--epochs", "1", "--latent_dim", "4"};
  const Outcome stored = run(call);
  EXPECT_EQ(stored.status, 0) << stored.err;
  EXPECT_THAT(stored.err, HasSubstr("hourglass: mine has names of EMNIST, whose images are stored "
                                    "with rows and columns swapped: turn them upright with "
                                    "--transpose\n"));
  EXPECT_THAT(stored.out,
              HasSubstr("27 training images of 1 x 28 x 28, 3 validation images, 12 test images"));
  Words turned = call;
  turned.insert(turned.end(), {"--transpose", "--name", "turned"});
  const Outcome outcome = run(turned);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("EMNIST")));
  EXPECT_NE(text_of(folder / "models/AE/mine_4.safetensors"),
            text_of(folder / "models/AE/mine_4_turned.safetensors"));
}

TEST_F(CliData, IdxImagesWithoutLabelsAreTrainedOnWithFigures) {
  write_small_idx(folder / "mine", 30, 12);
  for (const std::size_t i : {1U, 3U}) fs::remove(folder / "mine" / kIdxFileNames[i]);
  const Outcome outcome =
      run({"train", "--dataset", "mine", "--epochs", "1", "--latent_dim", "4", "--visualize"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(run({"eval", "mine_4", "--dataset", "mine"}).status, 0);
}

TEST_F(CliData, AFolderWithoutImagesIsRefused) {
  fs::create_directories(folder / "photos");
  const Outcome outcome = run({"train", "--dataset", "photos"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [data] "));
  EXPECT_THAT(outcome.err, HasSubstr("photos"));
}

TEST_F(CliData, DamagedIdxFilesAreNamed) {
  write_small_idx(folder / "data/mnist", 10, 10);
  const std::string images = text_of(file(0)), labels = text_of(file(1));
  const auto with = [&](const std::string& bytes) { write_text(file(0), bytes); };
  with("\x1f" + images.substr(1));
  expect_refused({"train-images-idx3-ubyte"});
  with(images.substr(0, images.size() - 1));
  expect_refused({"train-images-idx3-ubyte"});
  with(images + "x");
  expect_refused({"train-images-idx3-ubyte"});
  with(images.substr(0, 4) + std::string(12, '\xff') + images.substr(16));
  expect_refused({"train-images-idx3-ubyte"});
  with("");
  expect_refused({"train-images-idx3-ubyte"});
  with(images);
  write_text(file(1), labels.substr(0, labels.size() - 1));
  expect_refused({"train-labels-idx1-ubyte"});
  EXPECT_EQ(text_of(file(0)), images);
}

TEST_F(CliData, MoreLabelsThanImagesAreRefused) {
  write_small_idx(folder / "data/mnist", 10, 10);
  write_small_idx(folder / "other", 12, 10);
  fs::copy_file(folder / "other" / kIdxFileNames[1], file(1), fs::copy_options::overwrite_existing);
  expect_refused({"10", "12"});
}

TEST_F(CliData, ImagesOfOddSizesAreTrainedOnAndTooSmallOnesRefusedWithTheNearest) {
  write_small_idx(folder / "data/mnist", 10, 10);
  const Outcome odd = run({"train", "--dataset", "mnist", "--image_size", "29x11", "--epochs", "1",
                           "--latent_dim", "4", "--out", "odd"});
  EXPECT_EQ(odd.status, 0) << odd.err;
  const Outcome outcome =
      run({"train", "--dataset", "mnist", "--image_size", "7x28", "--epochs", "1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("7 x 28"));
  EXPECT_THAT(outcome.err, HasSubstr("--image_size"));
  EXPECT_FALSE(fs::exists(folder / "models"));
}

TEST_F(CliData, DoctorTellsWhatThereIs) {
  const Outcome outcome = run({"doctor"});
  EXPECT_EQ(outcome.status, 0);
  for (const char* text :
       {"processor", "kernels", "* ", "chosen", "strokes", "built in", "zlib", "libpng",
        "libjpeg-turbo", "libwebp", "libtiff", "cairo", "libcurl", "font"}) {
    EXPECT_THAT(outcome.out, HasSubstr(text));
  }
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliData, DoctorAsJsonIsJsonAlone) {
  const Outcome outcome = run({"doctor", "--json"});
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("kernel_sets").size(), 5U);
  EXPECT_GE(json.at("threads").get<int>(), 1);
  EXPECT_EQ(json.at("cache").at("path"), (folder / ".cache/hourglass").string());
  const auto& sets = json.at("kernel_sets");
  EXPECT_TRUE(std::any_of(sets.begin(), sets.end(), [&](const auto& kernels) {
    return kernels.at("name") == json.at("kernels") && kernels.at("usable") == true;
  }));
}

TEST_F(CliData, DoctorWarnsOfWhatWouldHurt) {
  write_text(folder / "fonts.conf",
             "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig/>");
  set["FONTCONFIG_FILE"] = (folder / "fonts.conf").string();
  set["HOME"] = "";
  const Outcome outcome = run({"doctor"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("warning: the font DejaVu Sans is missing"));
  EXPECT_THAT(outcome.out, HasSubstr("install the package fonts-dejavu-core"));
  EXPECT_THAT(outcome.out, HasSubstr("warning: neither HOME nor XDG_CACHE_HOME is set"));
}

}  // namespace
}  // namespace hourglass
