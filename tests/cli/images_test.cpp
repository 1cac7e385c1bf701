// Folders of images as people have them, through the program.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "hourglass/figures/png.h"
#include "program.h"
#include "samples.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::Not;

class CliImages : public CommandLine {
 protected:
  void put(const std::string& name, std::int64_t height, std::int64_t width, int seed) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(height * width));
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = static_cast<std::uint8_t>(i * static_cast<std::size_t>(seed + 3) / 5);
    }
    const auto png = image_png(pixels, {1, height, width});
    write_text(folder / "photos" / name, std::string(png.begin(), png.end()));
  }
  Outcome train(const Words& more) {
    Words call{"train", "--dataset", "photos", "--epochs", "1", "--latent_dim", "2"};
    call.insert(call.end(), more.begin(), more.end());
    return run(call);
  }
};

TEST_F(CliImages, AFlatFolderIsTrainedOnAndDrawn) {
  for (int i = 0; i < 12; ++i) put(fmt::format("{}.png", i), 8, 8, i);
  write_text(folder / "photos/a.gif", "GIF89a");
  const Outcome outcome = train({"--visualize"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("hourglass: left out: 1 of 13 files (1 .gif), first a.gif"));
}

TEST_F(CliImages, ClassesNamedInAnyEncodingAreTrainedOnToTheEnd) {
  for (int i = 0; i < 6; ++i) put(fmt::format("caf\xe9/{}.png", i), 8, 8, i);
  for (int i = 0; i < 6; ++i) put(fmt::format("кот/{}.png", i), 8, 8, i);
  const Outcome outcome = train({});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(CliImages, FitAndBackgroundAreWordsOfTheCall) {
  for (int i = 0; i < 6; ++i) put(fmt::format("a/{}.png", i), 8, 16 + i, i);
  Outcome outcome = train({"--image_size", "8x8", "--fit", "cut"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "hourglass: [data] --fit is cut: must be stretch, crop or pad\n");
  outcome = train({"--background", "grey"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("[data] --background is grey: must be auto, white, black"));
  outcome = train({});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("give --image_size HxW to bring all to one size"));
  outcome = train({"--image_size", "8x8", "--fit", "pad", "--background", "white"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  // The run's record knows them: later verbs need none of these flags.
  EXPECT_THAT(text_of(folder / "models/AE/photos_2.run.json"), HasSubstr("\"fit\": \"pad\""));
  EXPECT_EQ(run({"eval", "photos_2"}).status, 0);
}

TEST_F(CliImages, LargeImagesAreComparedByTheirHeadersAndShrunkRowByRow) {
  if (kSanitized) GTEST_SKIP() << "memory: a sanitizer takes much more";
  for (int i = 0; i < 6; ++i) put(fmt::format("a/{}.png", i), 4000, i == 5 ? 4001 : 4000, 0);
  const Outcome refused = train({});
  EXPECT_THAT(refused.err, HasSubstr("is 4000 x 4000 but photos/a/5.png is 4000 x 4001"));
  EXPECT_LE(refused.peak_bytes, 30'000'000);
  write_small_idx(folder / "data/mnist", 6, 6);
  const Outcome small = run({"train", "--data_dir", "data", "--epochs", "1", "--latent_dim", "2",
                             "--image_size", "32x32", "--out", "small"});
  const Outcome shrunk = train({"--image_size", "32x32"});
  EXPECT_EQ(shrunk.status, 0) << shrunk.err;
  // One image has 16 MB; another data set and its files differ by a few.
  EXPECT_LE(shrunk.peak_bytes, small.peak_bytes + 10'000'000);
}

}  // namespace
}  // namespace hourglass
