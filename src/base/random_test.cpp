#include "base/random.h"

#include <gmock/gmock.h>

#include <cmath>

namespace hourglass {
namespace {

TEST(Rng, GivesTheSameStreamOnEveryMachine) {
  Rng rng(42, 1);
  EXPECT_EQ(rng.next(), 931746810782121110u);
  EXPECT_EQ(rng.next(), 8185884678683574896u);
}

TEST(Rng, StreamsOfOneSeedDiffer) {
  EXPECT_NE(Rng(7, 0).next(), Rng(7, 1).next());
}

TEST(Rng, BelowReachesEveryValueAboutEquallyOften) {
  Rng rng(3);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[rng.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(5);
  double sum = 0, squares = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1.0, 0.02);
}

TEST(PortableLog, AgreesWithTheLibrary) {
  for (double x = 1e-12; x < 1e12; x *= 1.37) {
    EXPECT_NEAR(portable_log(x), std::log(x), 4e-16 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
}

TEST(RandomPermutation, HoldsEachIndexOnce) {
  Rng rng(9);
  const auto order = random_permutation(1000, rng);
  std::vector<bool> seen(1000);
  for (const auto i : order) seen[static_cast<std::size_t>(i)] = true;
  EXPECT_THAT(seen, testing::Each(true));
}

}  // namespace
}  // namespace hourglass
