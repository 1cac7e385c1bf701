// UMAP: Uniform Manifold Approximation and Projection (McInnes, Healy, Melville 2018, arXiv
// 1802.03426), a map of points in which neighbours stay neighbours. Unsupervised. Makes a map
// only: see model.h for transform and inverse transform.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/metric.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/spectral.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// How the initial positions are chosen.
enum class UmapInit {
  spectral,  // eigenvectors of the graph: the overall shape is right from the start
  pca,       // the leading principal components of the data
  random,    // uniform: a group that starts in two parts may stay in two
};

/// Names and defaults are umap-learn's.
struct UmapOptions {
  int n_neighbors = 15;               // with the point itself; larger shows more of the whole,
                                      // smaller more detail; at most the number of rows
  int n_components = 2;               // dimensions of the map, 1 .. 64
  Metric metric = Metric::euclidean;  // what "near" means among the rows
  int n_epochs = 0;                   // 0: 500 for at most 10,000 rows, 200 for more
  float learning_rate = 1.0f;         // length of the first steps
  UmapInit init = UmapInit::spectral;
  float min_dist = 0.1f;            // smallest gap between neighbours; larger spreads groups out
  float spread = 1.0f;              // scale of the map
  float local_connectivity = 1.0f;  // neighbours with membership 1
  float repulsion_strength = 1.0f;  // larger pushes points without an edge farther apart
  int negative_sample_rate = 5;     // pushes per pull; larger takes more time
  std::uint64_t seed = 0;           // another seed gives another map, equally good
};

struct UmapResult {
  Tensor map;           // [n, n_components]
  int n_neighbors = 0;  // as used: at most the number of rows
  int n_epochs = 0;
  Curve curve;
  UmapStart start = UmapStart::kSpectral;
  std::int32_t graph_components = 1;  // connected components of the neighbour graph
  std::string search;                 // how the neighbours were found, in words
  double recall = 1;                  // share of the true neighbours that were found, 0..1
};

/// The map of x [n, d]. Depends on x and the options alone: same bits for any number of threads,
/// and on every machine given the same neighbours. Memory: about 1 KB a row in addition to x.
/// Throws Error for fewer than 2 rows, values that are not finite and options out of range.
UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool,
                Progress& progress = Progress::none());

/// umap() in steps, between which the map can be looked at. Ends in the same bits.
class UmapRun {
 public:
  /// Finds neighbours, graph and start. Throws as umap() does.
  UmapRun(ConstView x, const UmapOptions& options, ThreadPool& pool,
          Progress& progress = Progress::none());
  /// The same with neighbours of the caller: at least 1 of each row of x, the row itself not
  /// counted, nearest first. Instead of options.n_neighbors, their number + 1 is used.
  UmapRun(ConstView x, const Neighbours& neighbours, const UmapOptions& options, ThreadPool& pool);
  ~UmapRun();
  UmapRun(UmapRun&&) noexcept;
  UmapRun& operator=(UmapRun&&) noexcept;

  /// Lays out until `until` epochs are done, result().n_epochs at most.
  void run(int until, ThreadPool& pool);
  int epochs_done() const;
  /// The map after the epochs done, and facts about it.
  const UmapResult& result() const;
  /// Moves the result out; nothing but destruction may follow.
  UmapResult take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Remarks for the user: fewer neighbours than requested, a disconnected graph, another start than
/// requested. One sentence each; usually none.
std::vector<std::string> umap_remarks(const UmapOptions& options, const UmapResult& result);

}  // namespace hourglass
