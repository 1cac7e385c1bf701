// UMAP, first step: the width of each point's neighbourhood. Not a neighbour search.
#pragma once

#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"

namespace hourglass {

/// Per point: rho, the distance to its nearest neighbour, and sigma, the width that makes its
/// neighbourhood hold log2(k) points.
struct SmoothDistances {
  std::vector<float> rho;    // [n]
  std::vector<float> sigma;  // [n], > 0
};

/// McInnes, Healy, Melville 2018, section 3.1 and algorithm 3. `neighbours` hold k - 1 others per
/// point: k = n_neighbors counts the point itself, as umap-learn does. rho is the distance to the
/// `local_connectivity`-th neighbour at non-zero distance (interpolated if it is not an
/// integer; the farthest one if there are too few); sigma solves
/// sum_j exp(-max(0, d_j - rho) / sigma) = log2(k) by bisection.
SmoothDistances smooth_distances(const Neighbours& neighbours, float local_connectivity,
                                 ThreadPool& pool);

/// Membership strength of a neighbour at distance d: exp(-max(0, d - rho) / sigma).
float membership(float distance, float rho, float sigma);

}  // namespace hourglass
