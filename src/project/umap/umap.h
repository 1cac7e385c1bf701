// UMAP: Uniform Manifold Approximation and Projection (McInnes, Healy, Melville 2018, arXiv
// 1802.03426), a map of points in which neighbours stay neighbours. Euclidean, exact neighbours,
// unsupervised; new points are not placed into an old map.
#pragma once

#include <cstdint>

#include "base/progress.h"
#include "base/threads.h"
#include "project/umap/curve.h"
#include "project/umap/spectral.h"
#include "tensor/tensor.h"

namespace hourglass {

/// Names and defaults are umap-learn's.
struct UmapOptions {
  int n_neighbors = 15;             // the point itself counted; larger shows more of the whole,
                                    // smaller more of the detail; reduced to the rows there are
  int n_components = 2;             // dimensions of the map, 1 .. 64
  float min_dist = 0.1f;            // smallest gap between neighbours; larger spreads groups out
  float spread = 1.0f;              // scale of the map
  float local_connectivity = 1.0f;  // neighbours each point is tied to in full
  float repulsion_strength = 1.0f;  // larger pushes strangers farther apart
  int negative_sample_rate = 5;     // strangers looked at per neighbour; larger costs time
  float learning_rate = 1.0f;       // length of the first steps
  int n_epochs = 0;                 // 0: 500 for at most 10,000 rows, 200 for more
  std::uint64_t seed = 0;
};

struct UmapResult {
  Tensor map;           // [n, n_components]
  int n_neighbors = 0;  // what was used: fewer than asked for where there are fewer rows
  int n_epochs = 0;
  Curve curve;
  UmapStart start = UmapStart::kSpectral;
  std::int32_t graph_components = 1;  // connected components of the neighbour graph
};

/// The map of x [n, d]. A function of x and the options alone: same bits for any number of
/// threads. Throws Error for fewer than 2 rows, values that are not finite and options out of
/// range.
UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool, Progress& progress);

}  // namespace hourglass
