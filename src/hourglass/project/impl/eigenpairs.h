// The largest eigenvalues of a symmetric matrix in double, and orthonormal columns. Not for public
// use: see pca.h.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>

namespace hourglass {

struct EigenPairs {
  Eigen::VectorXd values;   // [k], descending
  Eigen::MatrixXd vectors;  // [d, k]
};

/// The k largest eigenvalues of a symmetric matrix [d, d] of finite numbers of any size. Throws
/// Error if none are found.
EigenPairs largest_eigenpairs(const Eigen::MatrixXd& matrix, int k);

/// The same, or nothing where it would take the full decomposition of a matrix beyond
/// kLargeMatrix: that takes half a minute at 4,096.
inline constexpr std::int64_t kLargeMatrix = 512;
std::optional<EigenPairs> quick_eigenpairs(const Eigen::MatrixXd& matrix, int k);

/// Makes the columns [d, k], k <= d, orthonormal in order (Gram-Schmidt). If the remainder of a
/// column has less than `smallest` times the largest norm, an arbitrary unit vector replaces the
/// column. Returns the number of columns before the first replaced one.
Eigen::Index orthonormalise(Eigen::MatrixXd& columns, double smallest);

}  // namespace hourglass
