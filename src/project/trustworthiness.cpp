#include "project/trustworthiness.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "project/distances.h"
#include "project/knn.h"
#include "project/rows.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostRows = 20000;

/// Of one row: the sum over its k neighbours in the map of max(0, true rank - k).
std::int64_t penalty(ConstView x, ConstView x_transposed, std::int64_t i,
                     std::span<const std::int32_t> map_neighbours,
                     std::span<const std::int32_t> true_neighbours,
                     std::vector<double>& distances) {
  const std::int64_t n = x.size(0), d = x.size(1);
  std::int64_t sum = 0;
  bool measured = false;
  for (const std::int32_t j : map_neighbours) {
    if (std::ranges::find(true_neighbours, j) != true_neighbours.end()) continue;  // rank <= k
    if (!measured) {
      squared_distances_to_all(distances.data(), x.data() + i * d, x_transposed);
      measured = true;
    }
    const double limit = distances[static_cast<std::size_t>(j)];
    std::int64_t rank = 1;
    for (std::int64_t l = 0; l < n; ++l) {
      const double distance = distances[static_cast<std::size_t>(l)];
      rank += static_cast<std::int64_t>(distance < limit) |
              (static_cast<std::int64_t>(distance == limit) & static_cast<std::int64_t>(l < j));
    }
    // The row itself, at distance 0, is nobody's neighbour and holds no rank.
    if (limit > 0 || i < j) --rank;
    sum += std::max<std::int64_t>(0, rank - std::ssize(map_neighbours));
  }
  return sum;
}

}  // namespace

double trustworthiness(ConstView x, ConstView map, ThreadPool& pool, int k) {
  check_finite("trustworthiness", x, pool);
  check_finite("trustworthiness", map, pool);
  const std::int64_t n = x.size(0);
  if (map.size(0) != n) {
    fail("trustworthiness", "the data have {} rows and the map {}: they must agree", n,
         map.size(0));
  }
  if (n > kMostRows) {
    fail("trustworthiness", "there are {} rows: at most {} are handled, take a sample", n,
         kMostRows);
  }
  if (k < 1 || 2 * static_cast<std::int64_t>(k) >= n) {
    fail("trustworthiness", "{} neighbours of {} rows: at least 1 and fewer than half are needed",
         k, n);
  }
  const Neighbours in_map = nearest_neighbours(map, k, pool);
  const Neighbours in_data = nearest_neighbours(x, k, pool);
  Tensor transposed(Shape{x.size(1), n});
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < x.size(1); ++j) transposed[j * n + i] = x[i * x.size(1) + j];
  }
  std::vector<std::int64_t> penalties(static_cast<std::size_t>(n));
  parallel_for(pool, n, 32, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> distances(static_cast<std::size_t>(n));
    for (std::int64_t i = begin; i < end; ++i) {
      penalties[static_cast<std::size_t>(i)] =
          penalty(x, transposed, i, in_map.indices_of(i), in_data.indices_of(i), distances);
    }
  });
  std::int64_t sum = 0;
  for (const std::int64_t p : penalties) sum += p;
  const auto rows = static_cast<double>(n), neighbours = static_cast<double>(k);
  return 1.0 - 2.0 * static_cast<double>(sum) /
                   (rows * neighbours * (2.0 * rows - 3.0 * neighbours - 1.0));
}

}  // namespace hourglass
