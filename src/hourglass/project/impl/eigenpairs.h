// The largest eigenvalues of a symmetric matrix in double, and orthonormal columns. Not for public
// use: see pca.h.
#pragma once

#include <Eigen/Core>

namespace hourglass {

struct EigenPairs {
  Eigen::VectorXd values;   // [k], falling
  Eigen::MatrixXd vectors;  // [d, k]
};

/// The k largest eigenvalues of a symmetric matrix [d, d] of finite numbers of any size. Throws
/// Error if none are found.
EigenPairs largest_eigenpairs(const Eigen::MatrixXd& matrix, int k);

/// Makes the columns [d, k] orthonormal in their order, each from those before it, k <= d. A column
/// shorter than `smallest` times the longest, once the earlier ones are taken from it, is replaced
/// by a unit vector of no meaning. Returns the number of columns before the first replaced one.
Eigen::Index orthonormalise(Eigen::MatrixXd& columns, double smallest);

}  // namespace hourglass
