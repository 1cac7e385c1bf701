#include "hourglass/project/umap/umap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/rows.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/impl/checks.h"
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

Neighbours neighbours_of(ConstView x, const UmapOptions& options, ThreadPool& pool) {
  check_umap_options(options);
  check_rows(x, pool);
  const auto k = static_cast<int>(std::min<std::int64_t>(options.n_neighbors, x.size(0))) - 1;
  return nearest_neighbours(x, {.k = k, .metric = options.metric, .seed = options.seed}, pool);
}

}  // namespace

struct UmapRun::State {
  State(ConstView x, const Neighbours& neighbours, const UmapOptions& asked, ThreadPool& pool,
        Progress& progress)
      : options(asked) {
    result.curve = fit_curve(options.min_dist, options.spread);
    result.n_neighbors = neighbours.k + 1;
    const int usual_epochs = x.size(0) <= kFew ? kEpochsOfFew : kEpochsOfMany;
    result.n_epochs = options.n_epochs > 0 ? options.n_epochs : usual_epochs;
    result.search = neighbours.how;
    result.recall = neighbours.recall;

    progress.update(0.0, "graph");
    const SmoothDistances smooth = smooth_distances(neighbours, options.local_connectivity, pool);
    graph = lasting_edges(fuzzy_union(neighbours, smooth, pool),
                          result.n_epochs > 10 ? result.n_epochs : usual_epochs);
    progress.update(0.0, "start");
    SpectralStart start = start_of(graph, x, options, pool);
    result.start = start.how;
    result.graph_components = start.components;
    result.map = std::move(start.positions);
    stretch(result.map);
    layout.emplace(result.map, graph, result.curve,
                   LayoutOptions{.epochs = result.n_epochs,
                                 .negative_sample_rate = options.negative_sample_rate,
                                 .repulsion_strength = options.repulsion_strength,
                                 .learning_rate = options.learning_rate,
                                 .seed = Rng(options.seed, Stream::umap_layout).next()});
  }

  UmapOptions options;
  UmapResult result;
  FuzzyGraph graph;
  std::optional<UmapLayout> layout;  // of result.map by graph
};

UmapRun::UmapRun(ConstView x, const UmapOptions& options, ThreadPool& pool, Progress& progress) {
  progress.update(0.0, "neighbours");
  state_ = std::make_unique<State>(x, neighbours_of(x, options, pool), options, pool, progress);
}

UmapRun::UmapRun(ConstView x, const Neighbours& neighbours, const UmapOptions& options,
                 ThreadPool& pool) {
  check_umap_options(options);
  check_rows(x, pool);
  check_neighbours(neighbours, x.size(0));
  require(neighbours.rows == x.size(0) && neighbours.k >= 1, "umap", "neighbours",
          fmt::format("{} of each of {} rows", neighbours.k, neighbours.rows),
          "at least 1 of each row of x is needed");
  state_ = std::make_unique<State>(x, neighbours, options, pool, Progress::none());
}

UmapRun::~UmapRun() = default;
UmapRun::UmapRun(UmapRun&&) noexcept = default;
UmapRun& UmapRun::operator=(UmapRun&&) noexcept = default;

void UmapRun::run(int until, ThreadPool& pool) {
  state_->layout->run(until, pool);
  check_positions(state_->result.map, state_->options);
}

int UmapRun::epochs_done() const {
  return state_->layout->epochs_done();
}

const UmapResult& UmapRun::result() const {
  return state_->result;
}

UmapResult UmapRun::take() {
  return std::move(state_->result);
}

UmapResult umap(ConstView x, const UmapOptions& options, ThreadPool& pool, Progress& progress) {
  UmapRun run(x, options, pool, progress);
  const int epochs = run.result().n_epochs;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    run.run(epoch, pool);
    progress.update(static_cast<double>(epoch) / epochs, "layout");
  }
  return run.take();
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
