// Principal components (Pearson 1901; Hotelling 1933) of matrices of any size. Exact up to rounding
// unless both rows and columns are many. Not incremental, not whitening.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// How components are found; the sizes alone decide.
enum class PcaMethod {
  kCovariance,  // exact; the d x d covariance matrix
  kGram,        // exact; the n x n matrix of the rows' products
  kRandomised,  // approximate; random directions, with power iterations (random_directions.h)
};

/// "covariance", "gram" or "randomised".
std::string_view name_of(PcaMethod method);

struct PcaOptions {
  /// Columns up to which many rows are fitted exactly, through a covariance matrix of 8 d^2 bytes;
  /// fewer are faster and approximate.
  std::int64_t most_exact_columns = 16384;
};

/// kCovariance for at most 4,096 columns; else kGram for at most 2,048 rows; else kCovariance up to
/// most_exact_columns; else kRandomised.
PcaMethod pca_method(std::int64_t rows, std::int64_t columns, const PcaOptions& options = {});

/// A fitted projection onto k directions of d-dimensional space.
struct Pca {
  Tensor mean;                                   // [d]
  Tensor components;                             // [k, d], orthonormal rows, largest variance first
  std::vector<double> explained_variance;        // [k], with n - 1 in the denominator
  std::vector<double> explained_variance_ratio;  // [k], shares of the total variance, 0..1
  /// [d] or empty: what was subtracted in double from the rows before they became float32 and were
  /// fitted. transform() takes rows without it.
  std::vector<double> origin;
  PcaMethod method = PcaMethod::kCovariance;  // of the fit; not in saved files

  /// All rows were equal: the components are any orthonormal directions.
  bool no_variance() const;
  std::int64_t columns() const { return components.size(1); }
  std::int64_t size() const { return components.size(0); }

  /// Scores [n, k] of x [n, d]. A row's bits do not depend on the rows beside it.
  Tensor transform(ConstView x, ThreadPool& pool) const;
  /// The point of the fitted plane that has these scores: [n, d] from scores [n, k].
  Tensor inverse_transform(ConstView scores, ThreadPool& pool) const;
};

/// Fits `components` directions to n rows of d values; each direction's loading of largest
/// magnitude is positive. Same bits for any number of threads. Values of any size that float32 has
/// are right, far outliers too: where products in float32 cannot resolve the smallest component
/// asked for, the fit is done again in double. Equal rows give unit vectors and no variance. Throws
/// Error unless 1 <= components <= min(n, d) and n >= 2, or if a value is not finite.
///
/// Rows are asked for several times. Memory beside the result: 8 d^2 bytes and 1,024 rows for
/// kCovariance (twice that in double); 8 n^2 bytes for kGram; 24 (n + d) (1.5 k + 10) bytes for
/// kRandomised; the latter two hold 256 MiB of rows and 8 d k bytes as well, and all of them 136 d
/// bytes.
Pca fit_pca(const RowSource& source, int components, ThreadPool& pool,
            const PcaOptions& options = {});

}  // namespace hourglass
