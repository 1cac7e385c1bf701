#include "hourglass/figures/axis.h"

#include <gmock/gmock.h>

#include <limits>

#include "hourglass/figures/impl/labels.h"

namespace hourglass {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

TEST(LinearTicks, AreRoundNumbersWithinTheRange) {
  EXPECT_THAT(linear_ticks(0.0, 1.0, 5),
              Pointwise(DoubleNear(1e-12), {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}));
  EXPECT_THAT(linear_ticks(-3.2, 6.9, 4), Pointwise(DoubleNear(1e-12), {-2.0, 0.0, 2.0, 4.0, 6.0}));
}

TEST(LinearTicks, AreNeitherFewNorMoreThanWanted) {
  for (double high = 1e-3; high < 1e3; high *= 1.07) {
    for (const int most : {4, 5, 8, 10}) {
      const std::size_t count = linear_ticks(0.0, high, most).size();
      EXPECT_GE(count, 3u) << high;
      EXPECT_LE(count, static_cast<std::size_t>(most) + 1) << high;
    }
  }
}

TEST(LinearTicks, EndAlsoForRangesThatAreNone) {
  EXPECT_EQ(linear_ticks(2.0, 2.0).size(), 1u);
  EXPECT_EQ(linear_ticks(0.0, std::numeric_limits<double>::infinity()).size(), 1u);
}

TEST(LogTicks, ArePowersOfTenWhereThereAreEnough) {
  EXPECT_THAT(log_ticks(1e-4, 1.0), Pointwise(DoubleNear(1e-12), {1e-4, 1e-3, 1e-2, 1e-1, 1.0}));
}

TEST(LogTicks, GetFinerForNarrowRanges) {
  for (const double ratio : {1.05, 1.3, 2.0, 5.0, 20.0, 300.0, 1e6}) {
    const auto ticks = log_ticks(0.0037, 0.0037 * ratio);
    EXPECT_GE(ticks.size(), 3u) << ratio;
    EXPECT_LE(ticks.size(), 16u) << ratio;
    for (const double tick : ticks) {
      EXPECT_GE(tick, 0.0037 * (1 - 1e-8)) << ratio;
      EXPECT_LE(tick, 0.0037 * ratio * (1 + 1e-8)) << ratio;
    }
  }
}

TEST(TickText, HasATrueMinusSign) {
  EXPECT_EQ(tick_text(-2.5),
            "\xE2\x88\x92"
            "2.5");
  EXPECT_EQ(tick_text(0.30000000000000004), "0.3");
}

TEST(SpreadApart, LeavesWhatIsFarApart) {
  EXPECT_THAT(spread_apart({10.0, 100.0, 50.0}, 20.0, 0.0, 200.0), ElementsAre(10.0, 100.0, 50.0));
}

TEST(SpreadApart, SeparatesEqualPositionsAndKeepsTheirOrder) {
  const auto positions = spread_apart({50.0, 50.5, 50.0, 51.0}, 20.0, 0.0, 200.0);
  EXPECT_GE(positions[2] - positions[0], 19.9);
  EXPECT_GE(positions[1] - positions[2], 19.9);
  EXPECT_GE(positions[3] - positions[1], 19.9);
}

TEST(SpreadApart, StaysWithinItsLimits) {
  for (const double position : spread_apart({199.0, 200.0, 200.0}, 20.0, 0.0, 200.0)) {
    EXPECT_GE(position, 0.0);
    EXPECT_LE(position, 200.0);
  }
}

TEST(PlacedApart, NoTwoBoxesTouchAndAllAreInside) {
  const Box frame{0.0, 0.0, 600.0, 600.0};
  const std::vector<Box> wished(30, Box{590.0, 300.0, 60.0, 20.0});
  const auto placed = placed_apart(wished, frame, 500.0);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    ASSERT_TRUE(placed[i].has_value()) << i;
    EXPECT_LE(placed[i]->right(), 600.0);
    for (std::size_t j = 0; j < i; ++j) {
      const bool apart = placed[i]->right() <= placed[j]->x || placed[j]->right() <= placed[i]->x ||
                         placed[i]->bottom() <= placed[j]->y || placed[j]->bottom() <= placed[i]->y;
      EXPECT_TRUE(apart) << i << " and " << j;
    }
  }
}

TEST(PlacedApart, LeavesOutWhatHasNoRoom) {
  const std::vector<Box> wished(3, Box{0.0, 0.0, 60.0, 20.0});
  const auto placed = placed_apart(wished, {0.0, 0.0, 60.0, 20.0}, 100.0);
  EXPECT_TRUE(placed[0].has_value());
  EXPECT_FALSE(placed[1].has_value());
  EXPECT_FALSE(placed[2].has_value());
}

}  // namespace
}  // namespace hourglass
