// encode and decode: images to codes and back, through files.

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/data/strokes.h"
#include "hourglass/interop/npy.h"
#include "hourglass/models/apply.h"
#include "hourglass/tensor/rows_test.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kTrain = 30;
constexpr int kTest = 20;

class CliCodes : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    model = write_checkpoint(folder / "models/AE/mnist_4.safetensors");
    write_small_idx(folder / "data/mnist", kTrain, kTest);
  }
  void expect_refused(const Words& call, int status, const std::string& line) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.err, "hourglass: " + line + "\n");
    EXPECT_EQ(outcome.status, status) << line;
    EXPECT_EQ(outcome.out, "");
  }
  void write_codes(const Tensor& codes) { write_npy(folder / "Z.npy", codes); }
  static Tensor some_codes(std::int64_t n, std::int64_t d) {
    Tensor codes(Shape{n, d});
    for (std::int64_t i = 0; i < codes.count(); ++i) codes[i] = 0.1F * static_cast<float>(i % 7);
    return codes;
  }
  std::unique_ptr<Model> model;
  ThreadPool pool{1};
};

TEST_F(CliCodes, EncodeWritesTheModelsCodesAndLabelsInDataSetOrder) {
  const Outcome outcome =
      run({"encode", "mnist_4", "--split", "test,train", "-o", "Z.npy", "--labels_out", "L.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "50 images of mnist (test, then train) as codes of 4 numbers\nwrote Z.npy\nwrote "
            "L.npy\nnext: hourglass decode mnist_4 Z.npy -o sheet.png\n");

  const RowSource train = make_strokes(kTrain, 1), test = make_strokes(kTest, 2);
  const Array codes = read_npy(folder / "Z.npy");
  ASSERT_EQ(codes.dtype, DType::kF32);
  ASSERT_EQ(codes.shape, (Shape{kTrain + kTest, 4}));
  const Tensor found = codes.floats();
  const Tensor first = encode(*model, test, pool), second = encode(*model, train, pool);
  // The program may have chosen the same kernels or not; within rounding it has to be the same.
  for (std::int64_t i = 0; i < first.count(); ++i) ASSERT_NEAR(found[i], first[i], 1e-4) << i;
  for (std::int64_t i = 0; i < second.count(); ++i) {
    ASSERT_NEAR(found[first.count() + i], second[i], 1e-4) << i;
  }

  const Array labels = read_npy(folder / "L.npy");
  EXPECT_EQ(labels.dtype, DType::kI64);
  std::vector<std::int64_t> expected = labels_of(test);
  expected.insert(expected.end(), train.labels().begin(), train.labels().end());
  EXPECT_EQ(labels.integers("labels"), expected);
}

TEST_F(CliCodes, EncodeTellsItsFactsAsJson) {
  const Outcome outcome =
      run({"encode", "mnist_4", "--split", "test", "-o", "Z.npy", "--json", "--quiet"});
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("images"), kTest);
  EXPECT_EQ(json.at("latent_dim"), 4);
  EXPECT_EQ(json.at("output"), "Z.npy");
  EXPECT_TRUE(json.at("labels_out").is_null());
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliCodes, TheNumberOfThreadsChangesNoBit) {
  run({"encode", "mnist_4", "-o", "one.npy", "--threads", "1"});
  run({"encode", "mnist_4", "-o", "three.npy", "--threads", "3"});
  ASSERT_NE(text_of(folder / "one.npy"), "");
  EXPECT_EQ(text_of(folder / "one.npy"), text_of(folder / "three.npy"));
}

TEST_F(CliCodes, SplitsThatAreUnknownOrTwiceAreRefused) {
  expect_refused({"encode", "mnist_4", "--split", "tset", "-o", "Z.npy"}, 2,
                 "[encode] no split is called 'tset': did you mean test?");
  expect_refused({"encode", "mnist_4", "--split", "test,test", "-o", "Z.npy"}, 2,
                 "[encode] the split test is named twice: name it once");
  expect_refused({"encode", "mnist_4", "--split", "train,,test", "-o", "Z.npy"}, 2,
                 "[encode] --split is 'train,,test': give names divided by single commas");
}

TEST_F(CliCodes, ImagesThatDoNotFitTheNetworkAreRefused) {
  write_checkpoint(folder / "models/AE/small_4.safetensors", {1, 32, 32});
  expect_refused({"encode", "small_4", "--dataset", "mnist", "-o", "Z.npy"}, 1,
                 "[data] mnist has images of 1 x 28 x 28 and the network was trained on 1 x 32 x "
                 "32: resize them with --image_size 32x32");
  write_checkpoint(folder / "models/AE/color_4.safetensors", {3, 28, 28}, 4, "photos");
  expect_refused({"encode", "color_4", "--dataset", "mnist", "-o", "Z.npy"}, 1,
                 "[data] mnist has images of 1 x 28 x 28 and the network was trained on 3 x 28 x "
                 "28: it needs images of 3 channels, as photos has");
  EXPECT_FALSE(fs::exists(folder / "Z.npy"));
}

TEST_F(CliCodes, ImagesOfOnesOwnHaveToBeNamed) {
  write_checkpoint(folder / "models/AE/photos_4.safetensors", {1, 28, 28}, 4, "photos");
  expect_refused({"encode", "photos_4", "-o", "Z.npy"}, 2,
                 "[data] the checkpoint was trained on images of your own, 'photos': name their "
                 "folder with --dataset");
}

TEST_F(CliCodes, AModelsOwnSizeIsKeptForItsOwnDataSet) {
  write_checkpoint(folder / "models/AE/mnist_5.safetensors", {1, 32, 32}, 5, "mnist");
  EXPECT_EQ(run({"encode", "mnist_5", "-o", "Z.npy", "--quiet"}).status, 0);
  EXPECT_EQ(read_npy(folder / "Z.npy").shape, (Shape{kTrain + kTest, 5}));
}

TEST_F(CliCodes, PlacesThatCannotBeWrittenAreFoundBeforeTheWork) {
  write_text(folder / "file", "kept");
  const Outcome below = run({"encode", "mnist_4", "-o", "file/Z.npy"});
  EXPECT_EQ(below.status, 1);
  EXPECT_THAT(below.err, StartsWith("hourglass: [write] "));
  EXPECT_THAT(below.err, HasSubstr("file/Z.npy"));
  EXPECT_EQ(text_of(folder / "file"), "kept");
  expect_refused({"encode", "mnist_4", "-o", "models"}, 1,
                 "[output] models is a folder: name a file in it");
  expect_refused({"encode", "mnist_4", "-o", "Z.npy", "--labels_out", "./Z.npy"}, 2,
                 "[encode] --output and --labels_out are the same file: name two");
}

TEST_F(CliCodes, DecodeWritesImagesChannelsFirst) {
  const auto color = write_checkpoint(folder / "models/AE/color_4.safetensors", {3, 8, 12});
  const Tensor codes = some_codes(5, 4);
  write_codes(codes);
  const Outcome outcome = run({"decode", "color_4", "Z.npy", "-o", "X.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("wrote X.npy\n"));
  const Array images = read_npy(folder / "X.npy");
  ASSERT_EQ(images.dtype, DType::kF32);
  ASSERT_EQ(images.shape, (Shape{5, 3, 8, 12}));
  const Tensor found = images.floats();
  const Tensor expected = decode(*color, codes, pool);  // channels last
  for (std::int64_t i = 0; i < 5; ++i) {
    for (std::int64_t c = 0; c < 3; ++c) {
      for (std::int64_t p = 0; p < 96; ++p) {
        const float value = found[(i * 3 + c) * 96 + p];
        ASSERT_NEAR(value, expected[(i * 96 + p) * 3 + c], 1e-5) << i << " " << c << " " << p;
        ASSERT_TRUE(value >= 0.0F && value <= 1.0F) << value;
      }
    }
  }
}

TEST_F(CliCodes, DecodeDrawsASheet) {
  write_codes(some_codes(12, 4));
  EXPECT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "sheet.png"}).out, "wrote sheet.png\n");
  EXPECT_THAT(text_of(folder / "sheet.png"), StartsWith("\x89PNG"));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "sheet.gif"}, 2,
                 "[decode] --output is sheet.gif: name a .npy for numbers, a .png, .svg or .pdf to "
                 "look at, or a folder, with / at its end, for a PNG of each");
}

TEST_F(CliCodes, CodesOfAnotherWidthOrKindAreRefused) {
  write_codes(some_codes(3, 5));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 1,
                 "[decode] Z.npy has the shape 3 x 5: this model decodes n x 4");
  write_npy(folder / "Z.npy", Tensor(Shape{4}));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 1,
                 "[read] Z.npy has the shape 4: a matrix is needed, one row for each point; "
                 "reshape(-1, 1) makes it one column");
  Tensor codes = some_codes(3, 4);
  codes[2 * 4 + 1] = std::numeric_limits<float>::quiet_NaN();
  write_codes(codes);
  expect_refused(
      {"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 1,
      "[read] Z.npy: row 2, column 1 (both from 0) is nan: every value has to be a finite "
      "number");
  EXPECT_FALSE(fs::exists(folder / "X.npy"));
}

TEST_F(CliCodes, CodesThatAreNoArrayAreRefused) {
  write_text(folder / "Z.npy", "no array at all");
  const Outcome outcome = run({"decode", "mnist_4", "Z.npy", "-o", "X.npy"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [npy] Z.npy"));
  EXPECT_EQ(run({"decode", "mnist_4", "absent.npy", "-o", "X.npy"}).status, 1);
}

TEST_F(CliCodes, NoRowsAreNothingToDecode) {
  write_codes(Tensor(Shape{0, 4}));
  for (const char* place : {"X.npy", "X.png", "X/"}) {
    expect_refused({"decode", "mnist_4", "Z.npy", "-o", place}, 1,
                   "[read] Z.npy has no rows: there is nothing to do");
    EXPECT_FALSE(fs::exists(folder / place));
  }
}

}  // namespace
}  // namespace hourglass
