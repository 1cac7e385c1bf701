#include "hourglass/project/umap/new_points.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace hourglass {
namespace {

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// out = the mean of rows `which` of x, weighted.
void weighted_mean(std::span<float> out, ConstView x, std::span<const std::int32_t> which,
                   std::span<const float> weights) {
  std::vector<double> sum(out.size(), 0.0);
  double total = 0;
  for (std::size_t j = 0; j < which.size(); ++j) {
    const auto weight = static_cast<double>(weights[j]);
    total += weight;
    const auto row = x.row(which[j]);
    for (std::size_t c = 0; c < out.size(); ++c) sum[c] += weight * static_cast<double>(row[c]);
  }
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = static_cast<float>(sum[c] / total);
}

/// Positions of new rows, from the mapped positions of their neighbours. The layout of new points
/// among fixed ones, as in the paper's implementation, puts them on a ring around their group: all
/// points push them away and only k pull.
class NewPosition {
 public:
  NewPosition(ConstView map, int k)
      : map_(map), distances_(at(std::int64_t{k} * k)), near_(at(k)) {}

  /// Computes the position of a row with these neighbours, nearest first.
  void write(std::span<float> position, std::span<const std::int32_t> neighbours) {
    measure(neighbours);
    const std::size_t medoid = central(neighbours.size());
    // Neighbours in other parts of the map than most are left out.
    const double* const from_medoid = &distances_[medoid * neighbours.size()];
    near_.assign(from_medoid, from_medoid + neighbours.size());
    const auto middle = near_.begin() + std::ssize(near_) / 2;
    std::ranges::nth_element(near_, middle);
    const double limit = kIsland * *middle;
    std::size_t nearest = neighbours.size(), island = 0;
    mean_.assign(position.size(), 0.0);
    for (std::size_t j = 0; j < neighbours.size(); ++j) {
      if (from_medoid[j] > limit) continue;
      nearest = std::min(nearest, j);
      ++island;
      const auto row = map_.row(neighbours[j]);
      for (std::size_t d = 0; d < mean_.size(); ++d) mean_[d] += static_cast<double>(row[d]);
    }
    const auto at_nearest = map_.row(neighbours[nearest]);
    for (std::size_t d = 0; d < mean_.size(); ++d) {
      const auto own = static_cast<double>(at_nearest[d]);
      const double mean = mean_[d] / static_cast<double>(island);
      position[d] = static_cast<float>(own + kOutward * (own - mean));
    }
  }

 private:
  static constexpr double kIsland = 3.0;   // times the median distance from the medoid
  static constexpr double kOutward = 0.1;  // as far as the nearest are nearer to the middle

  /// All distances between the neighbours' positions.
  void measure(std::span<const std::int32_t> neighbours) {
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      const auto a = map_.row(neighbours[i]);
      for (std::size_t j = 0; j <= i; ++j) {
        const auto b = map_.row(neighbours[j]);
        double sum = 0;
        for (std::size_t d = 0; d < a.size(); ++d) {
          const double apart = static_cast<double>(a[d]) - static_cast<double>(b[d]);
          sum += apart * apart;
        }
        distances_[i * neighbours.size() + j] = distances_[j * neighbours.size() + i] =
            std::sqrt(sum);
      }
    }
  }

  /// The medoid: the neighbour with the smallest sum of distances, the nearest of equal ones.
  std::size_t central(std::size_t k) const {
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < k; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < k; ++j) sum += distances_[i * k + j];
      if (sum < least) least = sum, best = i;
    }
    return best;
  }

  ConstView map_;
  std::vector<double> distances_;  // [k, k]
  std::vector<double> near_;       // [k]
  std::vector<double> mean_;       // [n_components]
};

}  // namespace

Tensor place_among(ConstView map, const Neighbours& nearest, ThreadPool& pool) {
  Tensor positions(Shape{nearest.rows, map.size(1)});
  parallel_for(pool, nearest.rows, 16, [&](std::int64_t begin, std::int64_t end) {
    NewPosition position(map, nearest.k);
    for (std::int64_t i = begin; i < end; ++i) {
      const auto near = nearest.indices_of(i);
      if (nearest.distances_of(i)[0] > 0) {
        position.write(positions.row(i), near);
      } else {
        std::ranges::copy(map.row(near[0]), positions.row(i).begin());
      }
    }
  });
  return positions;
}

void blend_weights(std::span<float> weights, std::span<const float> distances) {
  assert(weights.size() == distances.size() && !distances.empty());
  const bool one_distance = !(distances.front() < distances.back());
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const float share = one_distance ? 0.0f : distances[j] / distances.back();
    weights[j] = (1 - share * share) * (1 - share * share);
  }
}

Tensor blend_of(ConstView data, const Neighbours& nearest, ThreadPool& pool) {
  Tensor rows(Shape{nearest.rows, data.size(1)});
  parallel_for(pool, nearest.rows, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> weights(at(nearest.k));
    for (std::int64_t i = begin; i < end; ++i) {
      blend_weights(weights, nearest.distances_of(i));
      weighted_mean(rows.row(i), data, nearest.indices_of(i), weights);
    }
  });
  return rows;
}

}  // namespace hourglass
