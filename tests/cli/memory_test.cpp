// How much memory the program needs, and what it does if there is little.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "hourglass/figures/png.h"
#include "program.h"
#include "samples.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::Not;

class Memory : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (kSanitized && !IsSkipped()) GTEST_SKIP() << "memory: a sanitizer takes much more";
  }
};

TEST_F(Memory, ManyThreadsOnSmallImagesTakeAtMost200MB) {
  const Outcome outcome = run({"train", "--dataset", "strokes", "--latent_dim", "32", "--threads",
                               "64", "--epochs", "1", "--batch_size", "1024"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_LE(outcome.peak_bytes, 200'000'000);
}

TEST_F(Memory, FewLargeImagesTakeAtMost800MB) {
  constexpr std::int64_t kSide = 256;
  for (int i = 0; i < 6; ++i) {  // five train and one tests
    std::vector<std::uint8_t> pixels(kSide * kSide);
    for (std::size_t j = 0; j < pixels.size(); ++j) {
      pixels[j] = static_cast<std::uint8_t>(j * static_cast<std::size_t>(i + 3) / 50);
    }
    const auto png = image_png(pixels, {1, kSide, kSide});
    write_text(folder / fmt::format("images/a/{}.png", i), std::string(png.begin(), png.end()));
  }
  const Outcome outcome = run(
      {"train", "--dataset", "images", "--latent_dim", "32", "--threads", "16", "--epochs", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_LE(outcome.peak_bytes, 800'000'000);
}

TEST_F(Memory, ARunThatTakesMoreThanHalfOfWhatIsFreeSaysSo) {
  write_small_idx(folder / "data/mnist", 16, 8);
  const Words call{"train", "--data_dir", "data", "--epochs", "1", "--threads", "1", "--overwrite"};
  const Outcome ample = run(call);
  EXPECT_EQ(ample.status, 0) << ample.err;
  EXPECT_THAT(ample.err, Not(HasSubstr("of free memory")));
  Words large = call;
  for (const char* word : {"--latent_dim", "2048"}) large.emplace_back(word);
  address_space = 450'000'000;
  const Outcome tight = run(large);
  EXPECT_EQ(tight.status, 0) << tight.err;
  EXPECT_THAT(tight.err, HasSubstr("this run needs about 0."));
  EXPECT_THAT(tight.err, HasSubstr("GB of the 0."));
}

TEST_F(Memory, MoreThreadsThanFitAreFewerAndTheRunGoesOn) {
  write_small_idx(folder / "data/mnist", 16, 8);
  address_space = 1'500'000'000;
  const Outcome outcome = run({"train", "--data_dir", "data", "--epochs", "1", "--threads", "300"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("of 300 threads"));
}

}  // namespace
}  // namespace hourglass
