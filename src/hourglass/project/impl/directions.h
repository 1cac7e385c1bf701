// The directions of largest variance of centred rows, by each of the methods of a PCA, in float32
// where that resolves them and otherwise in double. Not for public use: see pca.h.
#pragma once

#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/impl/eigenpairs.h"
#include "hourglass/project/pca.h"
#include "hourglass/tensor/rows.h"

namespace hourglass {

struct Directions {
  EigenPairs pairs;          // of the covariance, with n - 1 in the denominator
  double total = 0;          // the sum of all eigenvalues
  bool need_double = false;  // scores need more digits of mean and directions than float32 has
};

/// The k largest directions of the rows of a source minus their mean [d]; `rounded` [d] is the mean
/// in float32. Equal rows give unit vectors and zeros.
Directions fit_directions(const RowSource& source, const std::vector<double>& mean,
                          ConstView rounded, PcaMethod method, int k, ThreadPool& pool);

}  // namespace hourglass
