#include "project/umap/layout.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include "project/umap/lanes.h"

namespace hourglass {
namespace {

using lanes::Float4;

constexpr int kLanes = 4;  // forces worked out together
constexpr int kMostDims = 64;
constexpr int kGroups = 16;  // of vertices, which take turns in an epoch
constexpr std::int64_t kTaskVertices = 64;
constexpr float kMostStep = 4.0f;       // of one force on one coordinate, times the learning rate
constexpr float kNearest = 1e-3f;       // keeps the push of points at one place finite
constexpr float kLeastSquare = 1e-20f;  // smallest squared distance that a power is taken of

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// SplitMix64 (Steele, Lea, Flood 2014), started at a place of its own for each (seed, epoch,
/// vertex). Cheap to start, which Rng is not.
class VertexStream {
 public:
  VertexStream(std::uint64_t seed, std::uint64_t turn) : state_(mix(seed ^ mix(turn))) {}
  /// Uniform in [0, n) but for a bias below n / 2^32.
  std::int32_t below(std::uint64_t n) {
    state_ += 0x9e3779b97f4a7c15u;
    return static_cast<std::int32_t>(((mix(state_) >> 32) * n) >> 32);
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

/// What each of four lanes is: the gradient of the cross entropy is a force (pull p + push) /
/// ((near + d^2) (1 + a p)) along the difference, with p = d^(2 b) and d the distance (paper,
/// section 3.2).
struct Roles {
  Float4 pull{};  // -2 a b for an edge's other end, otherwise 0
  Float4 push{};  // 2 b repulsion_strength for a vertex drawn at random, otherwise 0
  Float4 near{};  // kNearest for the latter
  Float4 step{};  // learning rate, doubled for an edge's two directions; 0 for an idle lane

  void set_edge(int lane, const Curve& curve, float learning_rate) {
    pull[lane] = static_cast<float>(-2 * curve.a * curve.b);
    step[lane] = 2 * learning_rate;
  }
  void set_drawn(int lane, const Curve& curve, float repulsion, float learning_rate) {
    push[lane] = static_cast<float>(2 * curve.b) * repulsion;
    near[lane] = kNearest;
    step[lane] = learning_rate;
  }
};

/// Deals the vertices out to kGroups groups, each to the smallest group in which it has no
/// neighbour, or to the smallest of all: two ends of an edge that move at once overshoot.
std::vector<std::vector<std::int32_t>> deal_out(const FuzzyGraph& graph) {
  std::vector<std::vector<std::int32_t>> groups(kGroups);
  std::vector<std::int32_t> group_of(at(graph.vertices()), -1);
  for (std::int64_t v = 0; v < graph.vertices(); ++v) {
    std::array<std::int64_t, kGroups> neighbours_in{};
    for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
      const std::int32_t group = group_of[at(graph.targets[at(e)])];
      if (group >= 0) neighbours_in[at(group)] = 1;
    }
    std::int32_t best = 0;
    for (std::int32_t g = 1; g < kGroups; ++g) {
      const auto rank = [&](std::int32_t i) {
        return std::pair(neighbours_in[at(i)], groups[at(i)].size());
      };
      if (rank(g) < rank(best)) best = g;
    }
    group_of[at(v)] = best;
    groups[at(best)].push_back(static_cast<std::int32_t>(v));
  }
  return groups;
}

class Layout {
 public:
  Layout(View positions, const FuzzyGraph& graph, const Curve& curve, const LayoutOptions& options)
      : positions_(positions),
        graph_(graph),
        options_(options),
        curve_(curve),
        groups_(deal_out(graph)),
        moved_(positions.shape()),
        period_(at(graph.edges())) {
    const float heaviest = *std::max_element(graph.weights.begin(), graph.weights.end());
    for (std::size_t e = 0; e < period_.size(); ++e) period_[e] = heaviest / graph.weights[e];
    due_ = period_;
  }

  void epoch(int number, ThreadPool& pool) {
    epoch_ = number;
    const float rate = options_.learning_rate *
                       (1.0f - static_cast<float>(number) / static_cast<float>(options_.epochs));
    const int slots = 1 + options_.negative_sample_rate;
    rounds_.assign(at((slots + kLanes - 1) / kLanes), Roles{});
    for (int slot = 0; slot < slots; ++slot) {
      Roles& roles = rounds_[at(slot / kLanes)];
      if (slot == 0) {
        roles.set_edge(0, curve_, rate);
      } else {
        roles.set_drawn(slot % kLanes, curve_, options_.repulsion_strength, rate);
      }
    }
    for (const auto& group : groups_) turn(group, pool);
  }

 private:
  void turn(const std::vector<std::int32_t>& group, ThreadPool& pool) {
    const std::int64_t dims = positions_.size(1);
    parallel_for(pool, std::ssize(group), kTaskVertices, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t m = begin; m < end; ++m) {
        if (dims == 2) {
          move<2>(group[at(m)]);
        } else {
          move<0>(group[at(m)]);
        }
      }
    });
    for (const std::int32_t v : group) {
      std::copy_n(moved_.data() + v * dims, dims, positions_.data() + v * dims);
    }
  }

  /// Works out where vertex v goes in this epoch. Dims is the number of dimensions, 0 for any.
  template <int Dims>
  void move(std::int64_t v) {
    const std::int64_t dims = Dims > 0 ? Dims : positions_.size(1);
    Position<Dims> own;
    std::copy_n(positions_.data() + v * dims, dims, own.begin());
    const auto n = static_cast<std::uint64_t>(positions_.size(0));
    VertexStream random(options_.seed,
                        static_cast<std::uint64_t>(epoch_) * n + static_cast<std::uint64_t>(v));
    const auto now = static_cast<float>(epoch_);
    for (std::int64_t e = graph_.offsets[at(v)]; e < graph_.offsets[at(v + 1)]; ++e) {
      if (due_[at(e)] > now) continue;
      due_[at(e)] += period_[at(e)];
      for (std::size_t round = 0; round < rounds_.size(); ++round) {
        std::array<std::int32_t, kLanes> others;
        for (std::int32_t& other : others) other = random.below(n);
        if (round == 0) others[0] = graph_.targets[at(e)];
        apply<Dims>(own, others, rounds_[round]);
      }
    }
    std::copy_n(own.begin(), dims, moved_.data() + v * dims);
  }

  template <int Dims>
  using Position = std::array<float, Dims == 0 ? kMostDims : Dims>;

  /// Adds four forces, all felt where the vertex stands now.
  template <int Dims>
  void apply(Position<Dims>& own, const std::array<std::int32_t, kLanes>& others,
             const Roles& roles) {
    const std::int64_t dims = Dims > 0 ? Dims : positions_.size(1);
    std::array<Float4, Dims == 0 ? kMostDims : Dims> difference;
    Float4 square{};
    for (std::int64_t c = 0; c < dims; ++c) {
      const float* other = positions_.data() + c;
      difference[at(c)] = own[at(c)] - Float4{other[others[0] * dims], other[others[1] * dims],
                                              other[others[2] * dims], other[others[3] * dims]};
      square += difference[at(c)] * difference[at(c)];
    }
    const auto a = static_cast<float>(curve_.a), b = static_cast<float>(curve_.b);
    const Float4 d2 = lanes::max(square, lanes::all(kLeastSquare));
    const Float4 p = lanes::exp2(b * lanes::log2(d2));
    const Float4 coefficient = (roles.pull * p + roles.push) / ((roles.near + d2) * (1.0f + a * p));
    for (std::int64_t c = 0; c < dims; ++c) {
      const Float4 force = coefficient * difference[at(c)];
      const Float4 clipped =
          lanes::min(lanes::max(force, lanes::all(-kMostStep)), lanes::all(kMostStep));
      own[at(c)] += lanes::sum(clipped * roles.step);
    }
  }

  View positions_;
  const FuzzyGraph& graph_;
  const LayoutOptions& options_;
  Curve curve_;
  std::vector<std::vector<std::int32_t>> groups_;
  Tensor moved_;               // positions of the group whose turn it is, until all have moved
  std::vector<float> period_;  // [edges] epochs from one time an edge is due to the next
  std::vector<float> due_;     // [edges] epoch in which it is due next
  std::vector<Roles> rounds_;  // an edge's forces, four at a time: itself, then those drawn
  int epoch_ = 0;
};

}  // namespace

void layout(View positions, const FuzzyGraph& graph, const Curve& curve,
            const LayoutOptions& options, ThreadPool& pool, Progress& progress) {
  assert(positions.size(0) == graph.vertices());
  assert(positions.size(1) >= 1 && positions.size(1) <= kMostDims);
  if (graph.edges() == 0) return;
  Layout state(positions, graph, curve, options);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    state.epoch(epoch, pool);
    progress.update(static_cast<double>(epoch + 1) / options.epochs, "");
  }
}

}  // namespace hourglass
