#include "hourglass/project/umap/layout.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/project/umap/impl/checks.h"
#include "hourglass/project/umap/impl/forces.h"
#include "hourglass/project/umap/options.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

constexpr std::int64_t kTaskVertices = 128;
// An epoch moves the vertices of every fourth task together, then those of the next fourth. So two
// vertices that pull each other seldom move at once; if they did, each would go to the old position
// of the other. With a single sweep, the maps of MNIST and Fashion-MNIST are less trustworthy.
constexpr std::int64_t kSweeps = 4;
constexpr float kDirections = 2.0f;  // each edge pulls once in each direction

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

struct UmapLayout::State {
  State(View positions, const FuzzyGraph& graph, const Curve& curve, const LayoutOptions& options)
      : graph_(graph),
        options_(options),
        positions_(positions),
        moved_(positions.shape()),
        share_(at(graph.edges())),
        due_(at(graph.edges() + (graph.vertices() / kTaskVertices + 1) * kForceBlock)) {
    if (graph.edges() == 0) return;
    const float heaviest = *std::max_element(graph.weights.begin(), graph.weights.end());
    for (std::size_t e = 0; e < share_.size(); ++e) share_[e] = graph.weights[e] / heaviest;
    field_ = {.positions = positions.data(),
              .n = positions.size(0),
              .dims = positions.size(1),
              .curve = curve,
              .repulsion_strength = options.repulsion_strength,
              .negative_samples = options.negative_sample_rate,
              .pull = kDirections};
  }

  void run(int until, ThreadPool& pool) {
    for (; done_ < std::min(until, options_.epochs); ++done_) {
      if (graph_.edges() > 0) epoch(done_, pool);
    }
  }
  int epochs_done() const { return done_; }

 private:
  /// Epoch 0 moves nothing: no edge is due in it.
  void epoch(std::int64_t number, ThreadPool& pool) {
    epoch_ = number;
    field_.rate = options_.learning_rate *
                  (1.0f - static_cast<float>(number) / static_cast<float>(options_.epochs));
    for (std::int64_t sweep = 0; sweep < kSweeps; ++sweep) {
      each_task(sweep, 1, pool, [&](std::int64_t begin, std::int64_t end) { move(begin, end); });
      each_task(sweep, 64, pool, [&](std::int64_t begin, std::int64_t end) {
        std::copy(moved_.data() + begin * field_.dims, moved_.data() + end * field_.dims,
                  positions_.data() + begin * field_.dims);
      });
    }
  }

  /// Calls work(begin, end) for each task of a sweep, `together` of them on one thread.
  template <typename Work>
  void each_task(std::int64_t sweep, std::int64_t together, ThreadPool& pool, const Work& work) {
    const std::int64_t tasks = (field_.n + kTaskVertices - 1) / kTaskVertices;
    const std::int64_t own = (tasks - sweep + kSweeps - 1) / kSweeps;
    parallel_for(pool, own, together, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t t = first; t < last; ++t) {
        const std::int64_t begin = (sweep + t * kSweeps) * kTaskVertices;
        work(begin, std::min(field_.n, begin + kTaskVertices));
      }
    });
  }

  /// Where the due targets of vertex v begin. Behind those of each task there is room for the
  /// entries that list_due() overwrites.
  std::int64_t due_offset(std::int64_t v) const {
    return graph_.offsets[at(v)] + v / kTaskVertices * kForceBlock;
  }

  /// Lists the edges of vertex v that are due in this epoch. The order is reversed in every other
  /// epoch: the last edges move the vertex most, and should not always be the same.
  std::int32_t list_edges(std::int64_t v) {
    std::int32_t* due = due_.data() + due_offset(v);
    const std::int32_t count = list_due(
        due, graph_.targets.data(), share_.data(), graph_.offsets[at(v)], graph_.offsets[at(v + 1)],
        static_cast<float>(std::max<std::int64_t>(epoch_ - 1, 0)), static_cast<float>(epoch_));
    if (epoch_ % 2 != 0) std::reverse(due, due + count);
    return count;
  }

  /// Computes the new positions of vertices [begin, end), at most kTaskVertices.
  void move(std::int64_t begin, std::int64_t end) {
    const std::int64_t dims = field_.dims;
    std::copy(positions_.data() + begin * dims, positions_.data() + end * dims,
              moved_.data() + begin * dims);
    std::array<std::int32_t, kTaskVertices> count;
    std::array<std::int32_t, kTaskVertices> busiest;  // vertices, those with most edges due first
    std::int64_t busy = 0;
    for (std::int64_t v = begin; v < end; ++v) {
      count[at(v - begin)] = list_edges(v);
      if (count[at(v - begin)] > 0) busiest[at(busy++)] = static_cast<std::int32_t>(v - begin);
    }
    // The lanes of a block wait for the one with the most edges. Grouping does not change results.
    std::sort(busiest.begin(), busiest.begin() + busy,
              [&](std::int32_t a, std::int32_t b) { return count[at(a)] > count[at(b)]; });
    for (std::int64_t done = 0; done < busy; done += kForceBlock) {
      const std::int64_t used = std::min<std::int64_t>(kForceBlock, busy - done);
      move_block(begin, std::span(busiest).subspan(at(done), at(used)), count);
    }
  }

  /// Moves the vertices `begin + which[lane]`.
  void move_block(std::int64_t begin, std::span<const std::int32_t> which,
                  const std::array<std::int32_t, kTaskVertices>& count) {
    const std::int64_t dims = field_.dims;
    ForceBlock block;
    block.used = static_cast<int>(which.size());
    block.targets = due_.data() + due_offset(begin);
    for (std::size_t lane = 0; lane < kForceBlock; ++lane) {
      const std::int32_t from = which[std::min(lane, which.size() - 1)];
      const std::int64_t v = begin + from;
      block.first[lane] =
          static_cast<std::int32_t>(graph_.offsets[at(v)] - graph_.offsets[at(begin)]);
      block.count[lane] = lane < which.size() ? count[at(from)] : 0;
      block.random[lane] =
          first_random(options_.seed, static_cast<std::uint64_t>(epoch_ * field_.n + v));
      for (std::int64_t d = 0; d < dims; ++d) {
        block.own[d * kForceBlock + static_cast<std::int64_t>(lane)] = positions_[v * dims + d];
      }
    }
    apply_forces(field_, block);
    for (std::size_t lane = 0; lane < which.size(); ++lane) {
      for (std::int64_t d = 0; d < dims; ++d) {
        moved_[(begin + which[lane]) * dims + d] =
            block.own[d * kForceBlock + static_cast<std::int64_t>(lane)];
      }
    }
  }

  const FuzzyGraph& graph_;
  const LayoutOptions options_;
  View positions_;
  Tensor moved_;                   // [n, dims], positions after this epoch
  std::vector<float> share_;       // [edges], share of the epochs in which an edge is due
  std::vector<std::int32_t> due_;  // each vertex's targets in this epoch, at due_offset()
  Field field_;
  std::int64_t epoch_ = 0;
  int done_ = 0;
};

UmapLayout::UmapLayout(View positions, const FuzzyGraph& graph, const Curve& curve,
                       const LayoutOptions& options) {
  check_graph(graph);
  require_matrix("umap", "positions", positions);
  check_map_dims(positions.size(1));
  require(positions.size(0) == graph.vertices(), "umap", "positions", positions.shape().text(),
          "one row for each vertex of the graph is needed");
  require(options.epochs >= 0 && options.epochs <= kMostEpochs, "umap", "epochs", options.epochs,
          "must be from 0 to 1000000");
  check_umap_options({.learning_rate = options.learning_rate,
                      .repulsion_strength = options.repulsion_strength,
                      .negative_sample_rate = options.negative_sample_rate});
  require(curve.a > 0 && curve.b > 0 && curve.b <= 50, "umap", "curve",
          fmt::format("a {}, b {}", curve.a, curve.b), "use the result of fit_curve()");
  state_ = std::make_unique<State>(positions, graph, curve, options);
}

UmapLayout::~UmapLayout() = default;

void UmapLayout::run(int until, ThreadPool& pool) {
  state_->run(until, pool);
}

int UmapLayout::epochs_done() const {
  return state_->epochs_done();
}

}  // namespace hourglass
