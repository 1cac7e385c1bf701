// UMAP: Uniform Manifold Approximation and Projection (McInnes, Healy, Melville 2018, arXiv
// 1802.03426), a map of points in which neighbours stay neighbours. Unsupervised. Makes a map and
// no more: model.h keeps it, places new points in it and finds the way back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/project/metric.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/spectral.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Where the points are to start.
enum class UmapInit {
  spectral,  // by eigenvectors of their graph: the shape of the whole is found at once
  pca,       // by their leading principal components
  random,    // anywhere: groups that start in two places may stay in two
};

/// Names and defaults are umap-learn's.
struct UmapOptions {
  int n_neighbors = 15;               // the point itself counted; larger shows more of the whole,
                                      // smaller more of the detail; reduced to the rows there are
  int n_components = 2;               // dimensions of the map, 1 .. 64
  Metric metric = Metric::euclidean;  // what "near" means among the rows
  int n_epochs = 0;                   // 0: 500 for at most 10,000 rows, 200 for more
  float learning_rate = 1.0f;         // length of the first steps
  UmapInit init = UmapInit::spectral;
  float min_dist = 0.1f;            // smallest gap between neighbours; larger spreads groups out
  float spread = 1.0f;              // scale of the map
  float local_connectivity = 1.0f;  // neighbours each point is tied to in full
  float repulsion_strength = 1.0f;  // larger pushes strangers farther apart
  int negative_sample_rate = 5;     // strangers looked at per neighbour; larger costs time
  std::uint64_t seed = 0;           // another one gives another map, as good as this
};

struct UmapResult {
  Tensor map;           // [n, n_components]
  int n_neighbors = 0;  // what was used: fewer than asked for where there are fewer rows
  int n_epochs = 0;
  Curve curve;
  UmapStart start = UmapStart::kSpectral;
  std::int32_t graph_components = 1;  // connected components of the neighbour graph
  std::string search;                 // how the neighbours were found, in words
  double recall = 1;                  // share of the true neighbours that was found, 0..1
};

/// Called after each epoch with its number from 1, of how many, and the map as it stands.
using UmapWatch = std::function<void(int epoch, int of, ConstView map)>;

/// The map of x [n, d]. A function of x and the options alone: same bits for any number of
/// threads, and on every machine given the same neighbours. Memory: about 1 KB a row beside x.
/// Throws Error for fewer than 2 rows, values that are not finite and options out of range.
UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool,
                Progress& progress = Progress::none(), const UmapWatch& watch = {});

/// What a person should be told of a map: fewer neighbours than asked for, a graph in several
/// parts, a start other than the one asked for. A sentence each; usually none.
std::vector<std::string> umap_remarks(const UmapOptions& options, const UmapResult& result);

}  // namespace hourglass
