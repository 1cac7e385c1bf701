#include <gmock/gmock.h>

#include "hourglass/generate/interpolate.h"
#include "hourglass/generate/samplers.h"

namespace hourglass {
namespace {

TEST(Interpolate, StartsAtOneEndAndStopsAtTheOther) {
  Tensor ends({2, 3});
  for (std::int64_t i = 0; i < 6; ++i) ends[i] = static_cast<float>(i * i);
  const Tensor line = interpolate(ends, even_alphas(5));
  EXPECT_THAT(line.row(0), testing::ElementsAre(0, 1, 4));
  EXPECT_THAT(line.row(2), testing::ElementsAre(4.5, 8.5, 14.5));
  EXPECT_THAT(line.row(4), testing::ElementsAre(9, 16, 25));
}

TEST(GaussianSampler, DrawsLatentsOfTheMeanAndCovarianceItWasGiven) {
  // y = 2x + 1 + small noise, and a third coordinate that never changes: a nearly singular
  // covariance.
  Rng rng(4);
  Tensor latents({4000, 3});
  for (std::int64_t i = 0; i < 4000; ++i) {
    const double x = rng.normal();
    latents[3 * i] = static_cast<float>(x);
    latents[3 * i + 1] = static_cast<float>(2 * x + 1 + 0.1 * rng.normal());
    latents[3 * i + 2] = 7.0f;
  }
  constexpr std::int64_t kDraws = 50000;
  const Tensor drawn = GaussianSampler(latents).sample(kDraws, rng);
  double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (std::int64_t i = 0; i < kDraws; ++i) {
    const auto x = static_cast<double>(drawn[3 * i]), y = static_cast<double>(drawn[3 * i + 1]);
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * (y - 1);
    ASSERT_FLOAT_EQ(drawn[3 * i + 2], 7.0f);
  }
  EXPECT_NEAR(sum_x / kDraws, 0.0, 0.05);
  EXPECT_NEAR(sum_y / kDraws, 1.0, 0.1);
  EXPECT_NEAR(sum_xx / kDraws, 1.0, 0.08);
  EXPECT_NEAR(sum_xy / kDraws, 2.0, 0.16);
}

}  // namespace
}  // namespace hourglass
