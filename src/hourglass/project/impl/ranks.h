// The exact ranks of rows by their distance from one row. Not for public use: see quality.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A matrix prepared to bound the squared distances between its rows in float32: by differences
/// for few columns, by products for more. Scaled by a power of two, so that nothing overflows.
class BoundedDistances {
 public:
  BoundedDistances(ConstView x, ThreadPool& pool);  ///< x [n, d], finite; must outlive this.

  std::int64_t rows() const { return x_.size(0); }

  /// Products of the rows `asked` with all rows, for bounds(): [asked, n], or [asked, 0] for few
  /// columns.
  Tensor products(std::span<const std::int64_t> asked) const;
  /// lower[j] <= exact(i, j) <= upper[j] for all j except i, which is infinitely far.
  void bounds(std::span<float> lower, std::span<float> upper, std::int64_t i,
              std::span<const float> products) const;
  /// The squared distance of rows i and j times the squared scale, in double.
  double exact(std::int64_t i, std::int64_t j) const;

 private:
  bool few_columns() const;

  ConstView x_;
  double scale_ = 1;
  Tensor prepared_;          // [n, d] centred and scaled; [d, n] scaled where columns are few
  std::vector<float> norm_;  // [n] squared, of the prepared rows
};

/// Ranks all rows by their distance from one row at a time. Reused for many rows: it holds memory
/// for n rows.
class RankedRow {
 public:
  explicit RankedRow(const BoundedDistances& distances);

  /// Ranks from row i from now on; `products` is its row of BoundedDistances::products.
  void look_from(std::int64_t i, std::span<const float> products);
  /// The nearest other rows, nearest first; ties go to the lower index.
  void nearest(std::span<std::int32_t> out);
  /// The rank of each target among the other rows: 1 for the nearest.
  void ranks(std::span<std::int64_t> out, std::span<const std::int32_t> targets);

 private:
  double exact(std::int32_t j);
  /// Collects the rows that may be as near as `limit` in near_.
  void collect(float limit);

  const BoundedDistances& distances_;
  std::int64_t from_ = 0;
  std::vector<float> lower_, upper_;   // [n]
  std::vector<double> exact_;          // [n] exact distances computed since look_from; else NaN
  std::vector<std::int32_t> touched_;  // where exact_ is not NaN
  std::size_t near_count_ = 0;         // what collect() found
  std::vector<std::int32_t> near_;     // [n + 1], of which the first near_count_ are used
  std::vector<float> near_lower_, near_upper_;  // their bounds
};

}  // namespace hourglass
