#include "project/umap/umap.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "project/knn.h"
#include "project/rows.h"
#include "project/umap/fuzzy_union.h"
#include "project/umap/layout.h"
#include "project/umap/smooth_distances.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kStartStream = 1;   // of random numbers: the start's
constexpr std::uint64_t kLayoutStream = 2;  // and the layout's
constexpr int kEpochsOfFew = 500, kEpochsOfMany = 200;
constexpr std::int64_t kFew = 10000;
constexpr float kExtent = 10.0f;  // of the map before the layout

void check_option(bool good, std::string_view name, double value, std::string_view wanted) {
  if (!good) fail("umap", "{} is {}: must be {}", name, value, wanted);
}

void check(ConstView x, const UmapOptions& o, ThreadPool& pool) {
  check_option(o.n_neighbors >= 2, "n_neighbors", o.n_neighbors, "at least 2");
  check_option(o.n_components >= 1 && o.n_components <= 64, "n_components", o.n_components,
               "from 1 to 64");
  check_option(o.local_connectivity >= 0 && std::isfinite(o.local_connectivity),
               "local_connectivity", static_cast<double>(o.local_connectivity), "at least 0");
  check_option(o.repulsion_strength >= 0 && std::isfinite(o.repulsion_strength),
               "repulsion_strength", static_cast<double>(o.repulsion_strength), "at least 0");
  check_option(o.negative_sample_rate >= 0 && o.negative_sample_rate <= 1000,
               "negative_sample_rate", o.negative_sample_rate, "from 0 to 1000");
  check_option(o.learning_rate > 0 && std::isfinite(o.learning_rate), "learning_rate",
               static_cast<double>(o.learning_rate), "above 0");
  check_option(o.n_epochs >= 0, "n_epochs", o.n_epochs, "at least 0");
  check_finite("umap", x, pool);
  if (x.size(0) < 2) fail("umap", "there are {} rows: at least 2 are needed", x.size(0));
  if (x.size(1) < 1) fail("umap", "the data have no columns: at least 1 is needed");
}

/// Each coordinate stretched to 0 .. kExtent, so that the layout's step lengths suit all starts.
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

}  // namespace

UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool, Progress& progress) {
  check(x, options, pool);
  UmapResult result;
  result.curve = fit_curve(options.min_dist, options.spread);
  result.n_neighbors = static_cast<int>(std::min<std::int64_t>(options.n_neighbors, x.size(0)));
  const int usual_epochs = x.size(0) <= kFew ? kEpochsOfFew : kEpochsOfMany;
  result.n_epochs = options.n_epochs > 0 ? options.n_epochs : usual_epochs;

  progress.update(0.0, "neighbours");
  const Neighbours neighbours = nearest_neighbours(x, result.n_neighbors - 1, pool);
  const SmoothDistances smooth = smooth_distances(neighbours, options.local_connectivity, pool);
  FuzzyGraph graph = fuzzy_union(neighbours, smooth);
  // Edges too weak to be due even once decide nothing in the layout; nor shall they in the start.
  const float heaviest =
      graph.edges() > 0 ? *std::max_element(graph.weights.begin(), graph.weights.end()) : 0.0f;
  graph = without_weak_edges(
      graph, heaviest / static_cast<float>(result.n_epochs > 10 ? result.n_epochs : usual_epochs));

  progress.update(0.0, "start");
  Rng rng(options.seed, kStartStream);
  SpectralStart start = spectral_start(graph, x, options.n_components, rng, pool);
  result.start = start.how;
  result.graph_components = start.components;
  stretch(start.positions);
  const LayoutOptions layout_options{.epochs = result.n_epochs,
                                     .negative_sample_rate = options.negative_sample_rate,
                                     .repulsion_strength = options.repulsion_strength,
                                     .learning_rate = options.learning_rate,
                                     .seed = Rng(options.seed, kLayoutStream).next()};
  layout(start.positions, graph, result.curve, layout_options, pool, progress);
  result.map = std::move(start.positions);
  return result;
}

}  // namespace hourglass
