// The largest directions of a matrix of many rows and many columns: the randomised range finder of
// Halko, Martinsson and Tropp (2011), algorithms 4.4 and 5.1. Approximate. Not for public use: see
// pca.h.
#pragma once

#include "hourglass/project/impl/centred_rows.h"
#include "hourglass/project/impl/eigenpairs.h"

namespace hourglass {

/// The k largest eigenvalues of Xt X and their vectors. Power iterations stop when no eigenvalue
/// changes by more than one part in 10^8, at the latest after 30; each reads the rows twice.
EigenPairs by_random_directions(const CentredRows& x, int k);

}  // namespace hourglass
