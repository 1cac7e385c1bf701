#include "hourglass/project/stability.h"

#include <gmock/gmock.h>

#include <cmath>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"

namespace hourglass {
namespace {

/// The map turned by 0.6 / 0.8, mirrored, shifted and made larger.
Tensor seen_otherwise(ConstView map) {
  Tensor out(map.shape());
  for (std::int64_t i = 0; i < map.size(0); ++i) {
    out[2 * i] = 3 * (0.6f * map[2 * i] + 0.8f * map[2 * i + 1]) + 7;
    out[2 * i + 1] = 3 * (0.8f * map[2 * i] - 0.6f * map[2 * i + 1]) - 2;
  }
  return out;
}

TEST(Stability, RotationAndSizeDoNotCount) {
  std::vector<Tensor> maps;
  maps.push_back(golden::noise(1, Shape{80, 2}));
  maps.push_back(seen_otherwise(maps[0]));
  const MapStability found = map_stability(maps);
  EXPECT_LT(found.spread, 1e-5);
  EXPECT_EQ(found.point_spread.size(), 80u);
}

TEST(Stability, OnlyAMovingPointHasSpread) {
  std::vector<Tensor> maps;
  for (int m = 0; m < 3; ++m) maps.push_back(golden::noise(1, Shape{400, 2}));
  maps[1][2 * 17] += 4.0f;
  const MapStability found = map_stability(maps);
  EXPECT_GT(found.point_spread[17], 2.0f);
  for (std::size_t i = 0; i < 400; ++i) {
    if (i == 17) continue;
    EXPECT_LT(found.point_spread[i], 0.2f) << i;
  }
  EXPECT_LT(found.spread, 0.4);
}

TEST(Stability, RandomPointsHaveAboutOne) {
  std::vector<Tensor> maps;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    maps.push_back(golden::noise(100 * seed, Shape{2000, 2}));
  }
  // Five positions about their mean: sqrt(4 / 5).
  EXPECT_NEAR(map_stability(maps).spread, 0.894, 0.05);
}

TEST(Stability, OneMapIsRefused) {
  std::vector<Tensor> maps;
  maps.push_back(golden::noise(1, Shape{8, 2}));
  EXPECT_THROW(map_stability(maps), Error);
}

}  // namespace
}  // namespace hourglass
