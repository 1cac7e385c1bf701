#include "hourglass/base/random.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

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

/// Does not compile if two purposes share a number, or if a purpose is missing here.
bool has_a_number_of_its_own(Stream stream) {
  switch (stream) {
    case Stream::parameters:
    case Stream::umap_start:
    case Stream::umap_layout:
    case Stream::map_drawing_order:
    case Stream::noise_latents:
    case Stream::map_scatter:
    case Stream::quality_sample:
    case Stream::recall_sample:
    case Stream::noise_key:
    case Stream::augmentation:
    case Stream::corruption:
    case Stream::hold_out:
    case Stream::epoch_order:
      return true;
  }
  return false;
}

TEST(Rng, EachPurposeHasAStreamOfItsOwn) {
  EXPECT_TRUE(has_a_number_of_its_own(Stream::map_scatter));
  EXPECT_NE(Rng(7, Stream::map_scatter).next(), Rng(7, Stream::noise_latents).next());
  EXPECT_NE(Rng(7, Stream::recall_sample).next(), Rng(7, Stream::parameters).next());
}

TEST(NoiseKey, IsTheSameOnEveryMachineAndDiffersInSeedEpochAndRow) {
  EXPECT_EQ(noise_key(1, 2, 3), noise_key(1, 2, 3));
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::int64_t epoch = 1; epoch <= 10; ++epoch) {
      for (std::int64_t row = 0; row < 100; ++row) keys.insert(noise_key(seed, epoch, row));
    }
  }
  EXPECT_EQ(keys.size(), 10000u);
}

TEST(NoiseKey, BitsAreEvenlySetAmongNeighbouringRows) {
  constexpr int kRows = 4096;
  for (int bit = 0; bit < 64; ++bit) {
    int set = 0;
    for (std::int64_t row = 0; row < kRows; ++row) {
      set += static_cast<int>(noise_key(0, 1, row) >> bit & 1u);
    }
    EXPECT_NEAR(set, kRows / 2, 160) << "bit " << bit;  // five standard deviations
  }
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
