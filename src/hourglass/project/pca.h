// Principal components (Pearson 1901; Hotelling 1933) of matrices of any size. Exact up to rounding
// unless there are many rows and many columns. Not incremental, not whitening.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// How components are computed; chosen by the sizes alone.
enum class PcaMethod {
  kCovariance,  // exact; the d x d covariance matrix
  kGram,        // exact; the n x n matrix of the rows' products
  kRandomised,  // approximate; random directions, with power iterations (random_directions.h)
};

/// "covariance", "gram" or "randomised".
std::string_view name_of(PcaMethod method);

struct PcaOptions {
  /// Many rows are fitted exactly up to this many columns, with a covariance matrix of 8 d^2 bytes.
  /// A smaller limit makes wider data faster and approximate.
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
  /// [d] or empty: was subtracted in double from the rows before they became float32. transform()
  /// expects rows from which it has been subtracted.
  std::vector<double> origin;
  /// What float32 leaves of the mean [d] and of the components [k, d]; both empty, unless the rows
  /// need them: far from zero beside their spread, or with outliers far beyond the other rows. Then
  /// both functions below work in double.
  Tensor mean_rest, components_rest;
  PcaMethod method = PcaMethod::kCovariance;  // of the fit; not in saved files

  /// True if all rows were equal: the components are then arbitrary orthonormal directions.
  bool no_variance() const;
  bool in_double() const { return components_rest.count() > 0; }  ///< Has the rests above.
  std::int64_t columns() const { return components.size(1); }
  std::int64_t size() const { return components.size(0); }

  /// Throws Error unless components, mean, their rests and origin belong together.
  void check() const;
  /// Scores [n, k] of x [n, d]. A row's bits do not depend on the other rows. This and the next
  /// function throw Error for other columns and for values that are not finite.
  Tensor transform(ConstView x, ThreadPool& pool) const;
  /// The points [n, d] of the fitted subspace with the scores [n, k].
  Tensor inverse_transform(ConstView scores, ThreadPool& pool) const;
};

/// Fits `components` directions to n rows of d values; each direction's loading of largest
/// magnitude is positive. Same bits for any number of threads. Correct for all values that float32
/// can hold, also with far outliers: if float32 products cannot resolve the smallest component
/// asked for, the fit is repeated in double, and components below 1e-4 of the largest spread are
/// fitted to what larger ones leave of the rows. Equal rows give unit vectors and no variance.
/// Throws Error unless 1 <= components <= min(n, d) and n >= 2, or if a value is not finite.
///
/// Reads the rows several times. Memory in addition to the result: 8 d^2 bytes and 1,024 rows for
/// kCovariance (twice that in double); 8 n^2 bytes for kGram; 24 (n + d) (1.5 k + 10) bytes for
/// kRandomised; the latter two hold 256 MiB of rows and 8 d k bytes as well, and all of them 136 d
/// bytes.
Pca fit_pca(const RowSource& source, int components, ThreadPool& pool,
            const PcaOptions& options = {});

}  // namespace hourglass
