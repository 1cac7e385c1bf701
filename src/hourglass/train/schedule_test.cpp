#include "hourglass/train/schedule.h"

#include <gtest/gtest.h>

namespace hourglass {
namespace {

constexpr Schedule kHat{.warmup = 0.25, .decays = true};

TEST(Schedule, OfNoKindIsThePeakToTheBit) {
  EXPECT_FALSE(Schedule{}.needs_total());
  for (const std::int64_t step : {0, 1, 99}) EXPECT_EQ(rate_at({}, 0.1, step, 100), 0.1);
}

TEST(Schedule, RisesInALineToThePeakAndFallsInALineToNearZero) {
  EXPECT_TRUE(kHat.needs_total());
  // Of 16 steps 4 rise and 12 fall.
  EXPECT_EQ(rate_at(kHat, 1.0, 0, 16), 1.0 / 4);
  EXPECT_EQ(rate_at(kHat, 1.0, 2, 16), 3.0 / 4);
  EXPECT_EQ(rate_at(kHat, 1.0, 3, 16), 1.0);
  EXPECT_EQ(rate_at(kHat, 1.0, 4, 16), 1.0);
  EXPECT_EQ(rate_at(kHat, 1.0, 5, 16), 11.0 / 12);
  EXPECT_EQ(rate_at(kHat, 1.0, 10, 16), 6.0 / 12);
  EXPECT_EQ(rate_at(kHat, 1.0, 15, 16), 1.0 / 12);
}

TEST(Schedule, WithoutAFallStaysAtThePeak) {
  const Schedule rise{.warmup = 0.5};
  EXPECT_TRUE(rise.needs_total());
  EXPECT_EQ(rate_at(rise, 2.0, 0, 4), 1.0);
  EXPECT_EQ(rate_at(rise, 2.0, 1, 4), 2.0);
  EXPECT_EQ(rate_at(rise, 2.0, 3, 4), 2.0);
}

TEST(Schedule, LearnsAtEveryStepOfRunsHoweverShort) {
  for (const double warmup : {0.0, 0.05, 1.0}) {
    for (std::int64_t total = 1; total <= 50; ++total) {
      for (std::int64_t step = 0; step < total; ++step) {
        const double rate = rate_at({warmup, true}, 0.01, step, total);
        ASSERT_GT(rate, 0.0) << "step " << step << " of " << total << ", warmup " << warmup;
        ASSERT_LE(rate, 0.01) << "step " << step << " of " << total << ", warmup " << warmup;
      }
    }
  }
}

}  // namespace
}  // namespace hourglass
