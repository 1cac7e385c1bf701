#include "hourglass/project/umap/umap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/rows.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/layout.h"
#include "hourglass/project/umap/options.h"
#include "hourglass/project/umap/smooth_distances.h"

namespace hourglass {
namespace {

constexpr int kEpochsOfFew = 500, kEpochsOfMany = 200;
constexpr std::int64_t kFew = 10000;
// Vertices have 32-bit indices, and random vertices are drawn with 24 bits.
constexpr std::int64_t kMostRows = std::int64_t{1} << 24;
constexpr float kExtent = 10.0f;  // of the map before the layout

/// Scales each coordinate to 0 .. kExtent, so that the layout's step lengths suit every start.
void stretch(View positions) {
  const std::int64_t n = positions.size(0), dims = positions.size(1);
  for (std::int64_t c = 0; c < dims; ++c) {
    float low = positions[c], high = positions[c];
    for (std::int64_t i = 0; i < n; ++i) {
      low = std::min(low, positions[i * dims + c]);
      high = std::max(high, positions[i * dims + c]);
    }
    const float scale = high > low ? kExtent / (high - low) : 0.0f;
    for (std::int64_t i = 0; i < n; ++i) {
      positions[i * dims + c] = (positions[i * dims + c] - low) * scale;
    }
  }
}

void check_rows(ConstView x, ThreadPool& pool) {
  check_finite("umap", x, pool);
  if (x.size(0) < 2) fail("umap", "there are {} rows: at least 2 are needed", x.size(0));
  if (x.size(0) > kMostRows) {
    fail("umap", "there are {} rows: at most {} can be mapped", x.size(0), kMostRows);
  }
  if (x.size(1) < 1) fail("umap", "the data have no columns: at least 1 is needed");
}

/// Removes edges that are too weak to be due even once: the layout ignores them, so the start
/// should too.
FuzzyGraph lasting_edges(FuzzyGraph graph, int epochs) {
  if (graph.edges() == 0) return graph;
  const float heaviest = *std::max_element(graph.weights.begin(), graph.weights.end());
  return without_weak_edges(graph, heaviest / static_cast<float>(epochs));
}

SpectralStart start_of(const FuzzyGraph& graph, ConstView x, const UmapOptions& options,
                       ThreadPool& pool) {
  Rng rng(options.seed, Stream::umap_start);
  switch (options.init) {
    case UmapInit::pca:
      return pca_start(graph, x, options.n_components, rng, pool);
    case UmapInit::random:
      return random_start(graph, options.n_components, rng);
    case UmapInit::spectral:
      break;
  }
  return spectral_start(graph, x, options.n_components, rng, pool);
}

}  // namespace

UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool, Progress& progress,
                const UmapWatch& watch) {
  check_umap_options(options);
  check_rows(x, pool);
  UmapResult result;
  result.curve = fit_curve(options.min_dist, options.spread);
  result.n_neighbors = static_cast<int>(std::min<std::int64_t>(options.n_neighbors, x.size(0)));
  const int usual_epochs = x.size(0) <= kFew ? kEpochsOfFew : kEpochsOfMany;
  result.n_epochs = options.n_epochs > 0 ? options.n_epochs : usual_epochs;

  progress.update(0.0, "neighbours");
  Neighbours neighbours = nearest_neighbours(
      x, {.k = result.n_neighbors - 1, .metric = options.metric, .seed = options.seed}, pool);
  result.search = neighbours.how;
  result.recall = neighbours.recall;
  progress.update(0.0, "graph");
  const SmoothDistances smooth = smooth_distances(neighbours, options.local_connectivity, pool);
  const FuzzyGraph graph = lasting_edges(fuzzy_union(neighbours, smooth, pool),
                                         result.n_epochs > 10 ? result.n_epochs : usual_epochs);
  neighbours = {};

  progress.update(0.0, "start");
  SpectralStart start = start_of(graph, x, options, pool);
  result.start = start.how;
  result.graph_components = start.components;
  result.map = std::move(start.positions);
  stretch(result.map);
  const LayoutOptions layout_options{.epochs = result.n_epochs,
                                     .negative_sample_rate = options.negative_sample_rate,
                                     .repulsion_strength = options.repulsion_strength,
                                     .learning_rate = options.learning_rate,
                                     .seed = Rng(options.seed, Stream::umap_layout).next()};
  layout(result.map, graph, result.curve, layout_options, pool, progress, watch);
  check_positions(result.map, options);
  return result;
}

std::vector<std::string> umap_remarks(const UmapOptions& options, const UmapResult& result) {
  std::vector<std::string> remarks;
  if (result.n_neighbors < options.n_neighbors) {
    remarks.push_back(fmt::format("n_neighbors is {} instead of {}: there are no more rows",
                                  result.n_neighbors, options.n_neighbors));
  }
  if (result.graph_components > 1) {
    remarks.push_back(fmt::format(
        "the neighbour graph has {} disconnected groups: their relative positions in the map mean "
        "nothing",
        result.graph_components));
  }
  if (options.init == UmapInit::spectral && result.start == UmapStart::kPca) {
    remarks.push_back(
        "the points started from PCA: the spectral start's eigenvectors did not converge");
  }
  return remarks;
}

}  // namespace hourglass
