// Images of the user in arrays and tables, from the file to the measured model.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "hourglass/base/random.h"
#include "hourglass/interop/npz.h"
#include "program.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliUserImages : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    Rng rng(2);
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  }
  /// Trains for one epoch and measures; what both print.
  Outcome train_and_eval(const std::string& file, const Words& flags = {}) {
    Words train{"train", "--dataset", file, "--latent_dim", "2", "--epochs", "1"};
    train.insert(train.end(), flags.begin(), flags.end());
    Outcome outcome = run(train);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    Words eval{"eval", fs::path(file).stem().string() + "_2", "--dataset", file};
    eval.insert(eval.end(), flags.begin(), flags.end());
    const Outcome measured = run(eval);
    EXPECT_EQ(measured.status, 0) << measured.err;
    outcome.out += measured.out;
    outcome.err += measured.err;
    return outcome;
  }
  ArrayView images(Shape shape = {12, 8, 8}) const {
    return {std::span<const std::uint8_t>(pixels), shape};
  }

  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(12 * 64);
};

TEST_F(CliUserImages, ImagesBesideTextTrainAndWhatIsLeftOutIsSaid) {
  NpzWriter npz(folder / "mine.npz");
  npz.add("images", images());
  npz.add("remarks", TextArray{Shape{1}, {"by hand"}});
  npz.commit();
  const Outcome outcome = train_and_eval("mine.npz");
  EXPECT_THAT(outcome.out, HasSubstr("9 training images of 1 x 8 x 8, 1 validation image, 2 test"));
  EXPECT_THAT(outcome.err, HasSubstr("mine.npz: 1 of its arrays is left out (remarks)"));
}

TEST_F(CliUserImages, FaintRealImagesAreTrainedOnAsTheyAre) {
  std::vector<float> faint;
  for (const std::uint8_t pixel : pixels) faint.push_back(static_cast<float>(pixel) * 8e-6F);
  NpzWriter npz(folder / "faint.npz");
  npz.add("images", ArrayView(std::span<const float>(faint), Shape{12, 8, 8}));
  npz.commit();
  const Outcome outcome = train_and_eval("faint.npz");
  EXPECT_THAT(outcome.out, HasSubstr("linear PCA, k 2"));
  // Rounded to bytes all would be black.
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("are equal")));
}

TEST_F(CliUserImages, RowsOfPixelsTrainWithTheirSize) {
  NpzWriter npz(folder / "flat.npz");
  npz.add("X", images({12, 64}));
  npz.add("y", TextArray{Shape{12}, std::vector<std::string>(12, "cat")});
  npz.commit();
  const Outcome unsized =
      run({"train", "--dataset", "flat.npz", "--latent_dim", "2", "--epochs", "1"});
  EXPECT_NE(unsized.status, 0);
  EXPECT_THAT(unsized.err, HasSubstr("flat.npz:X has rows of 64 numbers: give"));
  EXPECT_THAT(unsized.err, HasSubstr("as 8x8, for their height and width"));
  const Outcome outcome = train_and_eval("flat.npz", {"--image_size", "8x8"});
  EXPECT_THAT(outcome.out, HasSubstr("9 training images of 1 x 8 x 8, 1 validation image, 2 test"));
  EXPECT_THAT(outcome.err, HasSubstr("the images are taken from its array X, the labels from y"));
}

TEST_F(CliUserImages, ATableOfPixelsTrains) {
  std::string table = "label";
  for (int p = 0; p < 64; ++p) table += fmt::format(",pixel{}", p);
  table += '\n';
  for (std::size_t i = 0; i < 12; ++i) {
    table += std::to_string(i % 2);
    for (std::size_t p = 0; p < 64; ++p) table += fmt::format(",{}", pixels[64 * i + p]);
    table += '\n';
  }
  write_text(folder / "digits.csv", table);
  const Outcome outcome = train_and_eval("digits.csv", {"--image_size", "8x8"});
  EXPECT_THAT(outcome.out, HasSubstr("9 training images of 1 x 8 x 8, 1 validation image, 2 test"));
}

TEST_F(CliUserImages, FieldInputsGiveWhatTheirTableCallsRight) {
  const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
  const fs::path field = fs::path(source == nullptr ? "." : source) / "../shared/field";
  if (!fs::exists(field)) GTEST_SKIP() << "../shared/field is not there";
  const auto at = [&](const char* name) { return (field / name).string(); };
  const auto expect_done = [&](const Words& call) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << call[2] << ": " << outcome.err;
    return outcome;
  };
  expect_done({"project", "pca", at("F07_named_beside_text.npz") + ":embeddings", "-o", "M.npy"});
  expect_done({"project", "pca", at("F14_py2_long.npy"), "-o", "M.npy"});
  const Outcome named = expect_done({"project", "umap", at("F13_rows.npy"), "-o", "M.npy",
                                     "--labels", at("F13_labels_text.npy"), "--n_epochs", "20"});
  EXPECT_THAT(named.out, HasSubstr("10-NN accuracy"));
  expect_done({"project", "umap", at("F13_rows.npy"), "-o", "M.npy", "--labels",
               at("F13_labels_float.npy"), "--n_epochs", "20", "--plot", "M.png"});
  for (const char* name : {"F08_images_beside_text.npz", "F09_faint.npz"}) {
    const Outcome trained =
        expect_done({"train", "--dataset", at(name), "--latent_dim", "2", "--epochs", "1"});
    EXPECT_THAT(trained.err, testing::Not(HasSubstr("are equal"))) << name;
  }
}

}  // namespace
}  // namespace hourglass
