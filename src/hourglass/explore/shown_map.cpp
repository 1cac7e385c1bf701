#include "hourglass/explore/shown_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hourglass {
namespace {

/// As ShownMap::far says, measured on at most 2,000 points, evenly spaced in the pack.
float reach_of(const Tensor& positions, const NeighbourIndex& index, ThreadPool& pool) {
  constexpr std::int64_t kMost = 2000;
  constexpr double kShare = 0.95;
  const std::int64_t n = positions.size(0), m = std::min(n, kMost);
  Tensor sample({m, 2});
  for (std::int64_t i = 0; i < m; ++i) {
    std::ranges::copy(positions.row(i * n / m), sample.row(i).begin());
  }
  const int k = static_cast<int>(std::min<std::int64_t>(kBlendPoints + 1, n));
  const Neighbours near = index.query(sample, k, pool);
  std::vector<float> farthest;
  for (std::int64_t i = 0; i < m; ++i) farthest.push_back(near.distances_of(i).back());
  const auto at =
      farthest.begin() + static_cast<std::ptrdiff_t>(kShare * static_cast<double>(m - 1));
  std::ranges::nth_element(farthest, at);
  return *at;
}

}  // namespace

ShownMap::ShownMap(Tensor positions, ThreadPool& pool)
    : positions_(std::move(positions)),
      index_(positions_, Metric::euclidean, pool),
      reach_(reach_of(positions_, index_, pool)) {}

int ShownMap::blend_points() const {
  return static_cast<int>(std::min<std::int64_t>(kBlendPoints, positions_.size(0)));
}

}  // namespace hourglass
