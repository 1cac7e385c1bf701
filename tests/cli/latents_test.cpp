// encode and decode: images to latent vectors and back, through files.

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

class CliLatents : public CommandLine {
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
  void write_latents(const Tensor& latents) { write_npy(folder / "Z.npy", latents); }
  static Tensor some_latents(std::int64_t n, std::int64_t d) {
    Tensor latents(Shape{n, d});
    for (std::int64_t i = 0; i < latents.count(); ++i)
      latents[i] = 0.1F * static_cast<float>(i % 7);
    return latents;
  }
  std::unique_ptr<Model> model;
  ThreadPool pool{1};
};

TEST_F(CliLatents, EncodeWritesTheModelsLatentsAndLabelsInDataSetOrder) {
  const Outcome outcome =
      run({"encode", "mnist_4", "--split", "test,train", "-o", "Z.npy", "--labels_out", "L.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "50 images of mnist (test, then train), latent dimension 4\nwrote Z.npy, "
            "L.npy\nnext: hourglass decode mnist_4 Z.npy -o sheet.png\n");

  const RowSource train = make_strokes(kTrain, 1), test = make_strokes(kTest, 2);
  const Array latents = read_npy(folder / "Z.npy");
  ASSERT_EQ(latents.dtype, DType::kF32);
  ASSERT_EQ(latents.shape, (Shape{kTrain + kTest, 4}));
  const Tensor found = latents.floats();
  const Tensor first = encode(*model, test, pool), second = encode(*model, train, pool);
  // The program may use other kernels, so the values agree only within rounding.
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

TEST_F(CliLatents, EncodeTellsItsFactsAsJson) {
  const Outcome outcome =
      run({"encode", "mnist_4", "--split", "test", "-o", "Z.npy", "--json", "--quiet"});
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("images"), kTest);
  EXPECT_EQ(json.at("latent_dim"), 4);
  EXPECT_EQ(json.at("output"), "Z.npy");
  EXPECT_TRUE(json.at("labels_out").is_null());
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliLatents, TheNumberOfThreadsChangesNoBit) {
  run({"encode", "mnist_4", "-o", "one.npy", "--threads", "1"});
  run({"encode", "mnist_4", "-o", "three.npy", "--threads", "3"});
  ASSERT_NE(text_of(folder / "one.npy"), "");
  EXPECT_EQ(text_of(folder / "one.npy"), text_of(folder / "three.npy"));
}

TEST_F(CliLatents, SplitsThatAreUnknownOrTwiceAreRefused) {
  expect_refused({"encode", "mnist_4", "--split", "tset", "-o", "Z.npy"}, 2,
                 "[encode] no split is called 'tset': did you mean test?");
  expect_refused({"encode", "mnist_4", "--split", "test,test", "-o", "Z.npy"}, 2,
                 "[encode] the split test is named twice: name it once");
  expect_refused({"encode", "mnist_4", "--split", "train,,test", "-o", "Z.npy"}, 2,
                 "[encode] --split is 'train,,test': give names separated by single commas");
}

TEST_F(CliLatents, ImagesThatDoNotFitTheNetworkAreRefused) {
  write_checkpoint(folder / "models/AE/small_4.safetensors", {1, 32, 32});
  EXPECT_EQ(run({"encode", "small_4", "--dataset", "mnist", "-o", "Z.npy"}).status, 0)
      << "resized to the network's size";
  fs::remove(folder / "Z.npy");
  expect_refused(
      {"encode", "small_4", "--dataset", "mnist", "--image_size", "28x28", "-o", "Z.npy"}, 2,
      "[data] mnist has images of 1 x 28 x 28 and the network was trained on 1 x 32 x "
      "32: resize them with --image_size 32x32");
  write_checkpoint(folder / "models/AE/color_4.safetensors", {3, 28, 28}, 4, "photos");
  expect_refused({"encode", "color_4", "--dataset", "mnist", "-o", "Z.npy"}, 2,
                 "[data] mnist has images of 1 x 28 x 28 and the network was trained on 3 x 28 x "
                 "28: it needs images of 3 channels, as photos has");
  EXPECT_FALSE(fs::exists(folder / "Z.npy"));
}

TEST_F(CliLatents, TheUsersOwnImagesHaveToBeNamed) {
  write_checkpoint(folder / "models/AE/photos_4.safetensors", {1, 28, 28}, 4, "photos");
  expect_refused({"encode", "photos_4", "-o", "Z.npy"}, 2,
                 "[data] the checkpoint was trained on images of your own, 'photos': name their "
                 "folder with --dataset");
}

TEST_F(CliLatents, AModelsOwnSizeIsKeptForItsOwnDataSet) {
  write_checkpoint(folder / "models/AE/mnist_5.safetensors", {1, 32, 32}, 5, "mnist");
  EXPECT_EQ(run({"encode", "mnist_5", "-o", "Z.npy", "--quiet"}).status, 0);
  EXPECT_EQ(read_npy(folder / "Z.npy").shape, (Shape{kTrain + kTest, 5}));
}

TEST_F(CliLatents, PathsThatCannotBeWrittenAreFoundBeforeTheWork) {
  write_text(folder / "file", "kept");
  const Outcome below = run({"encode", "mnist_4", "-o", "file/Z.npy"});
  EXPECT_EQ(below.status, 1);
  EXPECT_THAT(below.err, StartsWith("hourglass: [write] "));
  EXPECT_THAT(below.err, HasSubstr("file/Z.npy"));
  EXPECT_EQ(text_of(folder / "file"), "kept");
  expect_refused({"encode", "mnist_4", "-o", "models"}, 2,
                 "[encode] --output is models, a folder: name a file in it");
  expect_refused({"encode", "mnist_4", "-o", "Z.npy", "--labels_out", "./Z.npy"}, 2,
                 "[encode] --output and --labels_out are the same file: name two");
}

TEST_F(CliLatents, DecodeWritesImagesChannelsFirst) {
  const auto color = write_checkpoint(folder / "models/AE/color_4.safetensors", {3, 8, 12});
  const Tensor latents = some_latents(5, 4);
  write_latents(latents);
  const Outcome outcome = run({"decode", "color_4", "Z.npy", "-o", "X.npy"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("wrote X.npy\n"));
  const Array images = read_npy(folder / "X.npy");
  ASSERT_EQ(images.dtype, DType::kF32);
  ASSERT_EQ(images.shape, (Shape{5, 3, 8, 12}));
  const Tensor found = images.floats();
  const Tensor expected = decode(*color, latents, pool);  // channels last
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

TEST_F(CliLatents, DecodeDrawsASheet) {
  write_latents(some_latents(12, 4));
  EXPECT_EQ(run({"decode", "mnist_4", "Z.npy", "-o", "sheet.png"}).out,
            "wrote sheet.png\nnext: hourglass visualize mnist_4\n");
  EXPECT_THAT(text_of(folder / "sheet.png"), StartsWith("\x89PNG"));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "sheet.gif"}, 2,
                 "[decode] --output is sheet.gif: name a .npy, .npz, .csv or .tsv for numbers, "
                 "a .png, .svg or .pdf to look at, or a folder, with / at its end, for a PNG of "
                 "each");
}

TEST_F(CliLatents, LatentsOfAnotherDimensionOrShapeAreRefused) {
  write_latents(some_latents(3, 5));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 2,
                 "[decode] Z.npy has the shape 3 x 5: this model decodes n x 4");
  write_npy(folder / "Z.npy", Tensor(Shape{4}));
  expect_refused({"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 1,
                 "[read] Z.npy has the shape 4: a matrix is needed, one row for each point; "
                 "reshape(-1, 1) makes it one column");
  Tensor latents = some_latents(3, 4);
  latents[2 * 4 + 1] = std::numeric_limits<float>::quiet_NaN();
  write_latents(latents);
  expect_refused(
      {"decode", "mnist_4", "Z.npy", "-o", "X.npy"}, 1,
      "[read] Z.npy: row 2, column 1 (both from 0) is nan: every value has to be a finite "
      "number");
  EXPECT_FALSE(fs::exists(folder / "X.npy"));
}

TEST_F(CliLatents, LatentsThatAreNoArrayAreRefused) {
  write_text(folder / "Z.npy", "no array at all");
  const Outcome outcome = run({"decode", "mnist_4", "Z.npy", "-o", "X.npy"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, StartsWith("hourglass: [npy] Z.npy"));
  EXPECT_EQ(run({"decode", "mnist_4", "absent.npy", "-o", "X.npy"}).status, 1);
}

TEST_F(CliLatents, LabelsAreRefusedByModelsThatTakeNone) {
  write_latents(some_latents(2, 4));
  expect_refused({"decode", "mnist_4", "Z.npy", "--labels", "3", "-o", "X.npy"}, 2,
                 "[decode] --labels is given, and AE takes no labels: leave it out");
  EXPECT_FALSE(fs::exists(folder / "X.npy"));
  EXPECT_THAT(run({"decode", "--help"}).out, testing::Not(HasSubstr("--labels")))
      << "no kind takes labels yet";
}

TEST_F(CliLatents, NoRowsAreNothingToDecode) {
  write_latents(Tensor(Shape{0, 4}));
  for (const char* path : {"X.npy", "X.png", "X/"}) {
    expect_refused({"decode", "mnist_4", "Z.npy", "-o", path}, 1,
                   "[read] Z.npy has no rows: there is nothing to do");
    EXPECT_FALSE(fs::exists(folder / path));
  }
}

}  // namespace
}  // namespace hourglass
