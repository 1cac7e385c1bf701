// Exact k nearest neighbours by Euclidean distance. Not approximate, and quadratic in the rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/threads.h"
#include "tensor/tensor.h"

namespace hourglass {

/// For each of n rows its k neighbours, the nearest first; of equally near ones the one with the
/// lower index first.
struct Neighbours {
  std::int64_t rows = 0;
  int k = 0;
  std::vector<std::int32_t> indices;  // [rows, k]
  std::vector<float> distances;       // [rows, k], Euclidean, not squared

  std::span<const std::int32_t> indices_of(std::int64_t i) const {
    return std::span(indices).subspan(static_cast<std::size_t>(i * k), static_cast<std::size_t>(k));
  }
  std::span<const float> distances_of(std::int64_t i) const {
    return std::span(distances).subspan(static_cast<std::size_t>(i * k),
                                        static_cast<std::size_t>(k));
  }
};

/// The k nearest rows of x [n, d] to each row of x, itself left out (its duplicates are not).
/// Throws Error unless 1 <= k <= n - 1, or if a value is not finite.
Neighbours nearest_neighbours(ConstView x, int k, ThreadPool& pool);

/// The k nearest rows of reference [n, d] to each row of queries [m, d]. What a row gets does not
/// depend on the queries beside it, to the bit. Throws Error unless 1 <= k <= n, if the columns
/// differ, or if a value is not finite.
Neighbours nearest_neighbours(ConstView reference, ConstView queries, int k, ThreadPool& pool);

}  // namespace hourglass
