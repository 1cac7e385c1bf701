#include "project/umap/layout.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "project/umap/fixed_math.h"

namespace hourglass {
namespace {

constexpr int kLanes = 8;  // forces worked out together, as vector instructions
constexpr int kMostDims = 64;
constexpr int kGroups = 8;  // of vertices, which take turns in an epoch
constexpr std::int64_t kTaskVertices = 128;
constexpr float kMostStep = 4.0f;       // of one force on one coordinate, times the learning rate
constexpr float kNearest = 1e-3f;       // keeps the push of points at one place finite
constexpr float kLeastSquare = 1e-20f;  // smallest squared distance that a power is taken of

using Lanes = std::array<float, kLanes>;

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

/// What a lane is: the gradient of the cross entropy is a force (pull p + push) / ((near + d^2)
/// (1 + a p)) along the difference, with p = d^(2 b) and d the distance (paper, section 3.2).
struct Roles {
  Lanes pull{};  // -2 a b for an edge's other end, otherwise 0
  Lanes push{};  // 2 b repulsion_strength for a vertex drawn at random, otherwise 0
  Lanes near{};  // kNearest for the latter
  Lanes step{};  // learning rate, doubled for an edge's two directions

  void set(int lane, bool edge, const Curve& curve, float repulsion, float learning_rate) {
    const auto l = at(lane);
    const auto a = static_cast<float>(curve.a), b = static_cast<float>(curve.b);
    pull[l] = edge ? -2 * a * b : 0.0f;
    push[l] = edge ? 0.0f : 2 * b * repulsion;
    near[l] = edge ? 0.0f : kNearest;
    step[l] = edge ? 2 * learning_rate : learning_rate;
  }
};

/// Forces along the differences, one per lane.
inline Lanes coefficients(const Lanes& square, const Roles& roles, float a, float b) {
  Lanes result;
  for (std::size_t l = 0; l < kLanes; ++l) {
    const float d2 = std::max(square[l], kLeastSquare);
    const float p = fixed_math::exp2(b * fixed_math::log2(d2));
    result[l] = (roles.pull[l] * p + roles.push[l]) / ((roles.near[l] + d2) * (1 + a * p));
  }
  return result;
}

inline float sum(const Lanes& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

class Layout {
 public:
  Layout(View positions, const FuzzyGraph& graph, const Curve& curve, const LayoutOptions& options)
      : positions_(positions),
        graph_(graph),
        options_(options),
        curve_(curve),
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
    for (int lane = 0; lane < kLanes; ++lane) {
      first_.set(lane, lane == 0, curve_, options_.repulsion_strength, rate);
      others_.set(lane, false, curve_, options_.repulsion_strength, rate);
    }
    for (std::int64_t group = 0; group < kGroups; ++group) turn(group, pool);
  }

 private:
  void turn(std::int64_t group, ThreadPool& pool) {
    const std::int64_t n = positions_.size(0), dims = positions_.size(1);
    const std::int64_t members = (n - group + kGroups - 1) / kGroups;
    parallel_for(pool, members, kTaskVertices, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t m = begin; m < end; ++m) {
        const std::int64_t v = m * kGroups + group;
        if (dims == 2) {
          move<2>(v);
        } else {
          move<0>(v);
        }
      }
    });
    for (std::int64_t m = 0; m < members; ++m) {
      const std::int64_t v = m * kGroups + group;
      std::copy_n(moved_.data() + v * dims, dims, positions_.data() + v * dims);
    }
  }

  /// Works out where vertex v goes in this epoch. Dims is the number of dimensions, 0 for any.
  template <int Dims>
  void move(std::int64_t v) {
    const std::int64_t dims = Dims > 0 ? Dims : positions_.size(1);
    std::array<float, Dims == 0 ? kMostDims : Dims> own;
    std::copy_n(positions_.data() + v * dims, dims, own.begin());
    const auto n = static_cast<std::uint64_t>(positions_.size(0));
    VertexStream random(options_.seed,
                        static_cast<std::uint64_t>(epoch_) * n + static_cast<std::uint64_t>(v));
    const auto now = static_cast<float>(epoch_);
    std::array<std::int32_t, kLanes> others;
    for (std::int64_t e = graph_.offsets[at(v)]; e < graph_.offsets[at(v + 1)]; ++e) {
      if (due_[at(e)] > now) continue;
      due_[at(e)] += period_[at(e)];
      int drawn = 0;
      for (bool first = true; first || drawn < options_.negative_sample_rate; first = false) {
        for (std::size_t l = 0; l < kLanes; ++l) {
          if (first && l == 0) {
            others[l] = graph_.targets[at(e)];
          } else if (drawn < options_.negative_sample_rate) {
            others[l] = random.below(n);
            ++drawn;
          } else {
            others[l] = -1;
          }
        }
        apply<Dims>(own, others, first ? first_ : others_);
      }
    }
    std::copy_n(own.begin(), dims, moved_.data() + v * dims);
  }

  template <int Dims, typename Position>
  void apply(Position& own, const std::array<std::int32_t, kLanes>& others, const Roles& roles) {
    const std::int64_t dims = Dims > 0 ? Dims : positions_.size(1);
    std::array<Lanes, Dims == 0 ? kMostDims : Dims> difference;
    for (std::int64_t c = 0; c < dims; ++c) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        // A lane without a vertex stands at the own place: no difference, no force.
        difference[at(c)][l] = others[l] < 0 ? 0.0f : own[at(c)] - positions_[others[l] * dims + c];
      }
    }
    Lanes square{};
    for (std::int64_t c = 0; c < dims; ++c) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        square[l] += difference[at(c)][l] * difference[at(c)][l];
      }
    }
    const Lanes coefficient =
        coefficients(square, roles, static_cast<float>(curve_.a), static_cast<float>(curve_.b));
    for (std::int64_t c = 0; c < dims; ++c) {
      Lanes step;
      for (std::size_t l = 0; l < kLanes; ++l) {
        const float force = coefficient[l] * difference[at(c)][l];
        step[l] = std::min(std::max(force, -kMostStep), kMostStep) * roles.step[l];
      }
      own[at(c)] += sum(step);
    }
  }

  View positions_;
  const FuzzyGraph& graph_;
  const LayoutOptions& options_;
  Curve curve_;
  Tensor moved_;               // positions of the group whose turn it is, until all have moved
  std::vector<float> period_;  // [edges] epochs from one time an edge is due to the next
  std::vector<float> due_;     // [edges] epoch in which it is due next
  Roles first_;                // lane 0 an edge, the others vertices drawn at random
  Roles others_;               // all lanes drawn at random
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
