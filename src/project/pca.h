// Principal components (Pearson 1901; Hotelling 1933) through the covariance matrix. Exact up to
// rounding: not randomised, not incremental, not whitening.
#pragma once

#include <cstdint>
#include <vector>

#include "base/threads.h"
#include "project/rows.h"
#include "tensor/tensor.h"

namespace hourglass {

/// A fitted projection onto k directions of d-dimensional space.
struct Pca {
  Tensor mean;                                   // [d]
  Tensor components;                             // [k, d], orthonormal rows, largest variance first
  std::vector<double> explained_variance;        // [k], with n - 1 in the denominator
  std::vector<double> explained_variance_ratio;  // [k], shares of the total variance, 0..1

  std::int64_t columns() const { return components.size(1); }
  std::int64_t size() const { return components.size(0); }

  /// Scores [n, k] of x [n, d]. A row's bits do not depend on the rows beside it.
  Tensor transform(ConstView x, ThreadPool& pool) const;
  /// The point of the fitted plane that has these scores: [n, d] from scores [n, k].
  Tensor inverse_transform(ConstView scores, ThreadPool& pool) const;
};

/// Fits `components` directions to n rows of d values; each direction's loading of largest
/// magnitude is positive. Same bits for any number of threads. Throws Error unless
/// 1 <= components <= min(n, d) and n >= 2, or if a value is not finite. Rows are asked for twice.
/// Memory: d * d doubles and 1024 rows.
Pca fit_pca(const RowSource& source, int components, ThreadPool& pool);

}  // namespace hourglass
