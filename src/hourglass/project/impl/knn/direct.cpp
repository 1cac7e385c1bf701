#include "hourglass/project/impl/knn/direct.h"

#include <algorithm>
#include <utility>

#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostRows =
    1024;  // an embedding takes as long as about 1,700 rows' distances
constexpr std::int64_t kFewColumns = 64;  // up to here an embedding is a rotation, which is cheap
constexpr std::int64_t kTileFloats = 1 << 17;  // two tiles of rows stay in L2
constexpr std::int64_t kMostTile = 16;         // rows

std::int64_t tile_of(std::int64_t columns) {
  return std::clamp<std::int64_t>(kTileFloats / columns, 1, kMostTile);
}

/// Sorts the k nearest of the candidates to the front and copies them to row i of `out`.
void keep_nearest(std::vector<Candidate>& candidates, std::vector<Candidate>& out, std::int64_t i,
                  int k) {
  std::partial_sort(candidates.begin(), candidates.begin() + k, candidates.end());
  std::copy_n(candidates.begin(), k, out.begin() + i * k);
}

}  // namespace

bool direct_pays(std::int64_t rows, std::int64_t columns) {
  return rows <= kMostRows && columns > kFewColumns;
}

std::vector<Candidate> nearest_of_each_other(ConstView x, int k, ThreadPool& pool) {
  const std::int64_t n = x.size(0), d = x.size(1), tile = tile_of(d);
  const std::int64_t tiles = (n + tile - 1) / tile;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::int64_t p = 0; p < tiles; ++p) {
    for (std::int64_t q = p; q < tiles; ++q) pairs.emplace_back(p * tile, q * tile);
  }
  std::vector<double> squared(static_cast<std::size_t>(n * n));
  pool.run(std::ssize(pairs), [&](std::int64_t task) {
    const auto [top, left] = pairs[static_cast<std::size_t>(task)];
    for (std::int64_t i = top; i < std::min(n, top + tile); ++i) {
      for (std::int64_t j = std::max(left, i + 1); j < std::min(n, left + tile); ++j) {
        squared[static_cast<std::size_t>(i * n + j)] =
            squared[static_cast<std::size_t>(j * n + i)] =
                kernels().near.squared_distance(x.data() + i * d, x.data() + j * d, d);
      }
    }
  });
  std::vector<Candidate> found(static_cast<std::size_t>(n * k));
  parallel_for(pool, n, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Candidate> others;
    for (std::int64_t i = begin; i < end; ++i) {
      others.clear();
      for (std::int64_t j = 0; j < n; ++j) {
        if (j == i) continue;
        others.push_back(
            {squared[static_cast<std::size_t>(i * n + j)], static_cast<std::int32_t>(j)});
      }
      keep_nearest(others, found, i, k);
    }
  });
  return found;
}

std::vector<Candidate> nearest_of_others(ConstView reference, ConstView queries, int k,
                                         ThreadPool& pool) {
  const std::int64_t n = reference.size(0), m = queries.size(0), d = reference.size(1);
  std::vector<Candidate> found(static_cast<std::size_t>(m * k));
  parallel_for(pool, m, tile_of(d), [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::vector<Candidate>> all(static_cast<std::size_t>(end - begin));
    for (std::int64_t j = 0; j < n; ++j) {
      for (std::int64_t i = begin; i < end; ++i) {
        all[static_cast<std::size_t>(i - begin)].push_back(
            {kernels().near.squared_distance(queries.data() + i * d, reference.data() + j * d, d),
             static_cast<std::int32_t>(j)});
      }
    }
    for (std::int64_t i = begin; i < end; ++i) {
      keep_nearest(all[static_cast<std::size_t>(i - begin)], found, i, k);
    }
  });
  return found;
}

}  // namespace hourglass
