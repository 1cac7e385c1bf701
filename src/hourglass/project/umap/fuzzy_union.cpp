#include "hourglass/project/umap/fuzzy_union.h"

#include <algorithm>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/project/umap/impl/checks.h"

namespace hourglass {
namespace {

struct Edge {
  std::int32_t target;
  float weight;
};

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

constexpr std::int64_t kGrain = 1024;  // rows a task

/// Row i: the edges to its neighbours, by ascending target.
std::vector<Edge> edges_out(const Neighbours& neighbours, const SmoothDistances& smooth,
                            ThreadPool& pool) {
  const std::int64_t n = neighbours.rows, k = neighbours.k;
  std::vector<Edge> edges(at(n * k));
  parallel_for(pool, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto row = std::span(edges).subspan(at(i * k), at(k));
      for (std::int64_t j = 0; j < k; ++j) {
        const std::size_t index = at(i * k + j);
        row[at(j)] = {
            neighbours.indices[index],
            membership(neighbours.distances[index], smooth.rho[at(i)], smooth.sigma[at(i)])};
      }
      std::sort(row.begin(), row.end(),
                [](const Edge& a, const Edge& b) { return a.target < b.target; });
    }
  });
  return edges;
}

/// The same edges, grouped by target; in each group by ascending origin.
struct EdgesIn {
  std::vector<std::int64_t> offsets;  // [n + 1]
  std::vector<Edge> edges;            // `target` is the origin

  std::span<const Edge> of(std::int64_t v) const {
    return std::span(edges).subspan(at(offsets[at(v)]), at(offsets[at(v + 1)] - offsets[at(v)]));
  }
};

EdgesIn edges_in(const std::vector<Edge>& out, std::int64_t n, std::int64_t k) {
  EdgesIn in{std::vector<std::int64_t>(at(n + 1), 0), std::vector<Edge>(out.size())};
  for (const Edge& edge : out) ++in.offsets[at(edge.target + 1)];
  for (std::int64_t i = 0; i < n; ++i) in.offsets[at(i + 1)] += in.offsets[at(i)];
  std::vector<std::int64_t> next(in.offsets.begin(), in.offsets.end() - 1);
  for (std::int64_t i = 0; i < n; ++i) {
    for (const Edge& edge : std::span(out).subspan(at(i * k), at(k))) {
      in.edges[at(next[at(edge.target)]++)] = {static_cast<std::int32_t>(i), edge.weight};
    }
  }
  return in;
}

/// Calls keep(target, weight) for each edge of the union of one vertex's two lists.
template <typename Keep>
void join(std::span<const Edge> out, std::span<const Edge> in, const Keep& keep) {
  auto a = out.begin(), b = in.begin();
  while (a != out.end() || b != in.end()) {
    if (b == in.end() || (a != out.end() && a->target < b->target)) {
      keep(a->target, a->weight);
      ++a;
    } else if (a == out.end() || b->target < a->target) {
      keep(b->target, b->weight);
      ++b;
    } else {
      // Symmetric in a and b, so that both ends of an edge get the same bits.
      keep(a->target, (a->weight + b->weight) - a->weight * b->weight);
      ++a;
      ++b;
    }
  }
}

}  // namespace

FuzzyGraph fuzzy_union(const Neighbours& neighbours, const SmoothDistances& smooth,
                       ThreadPool& pool) {
  check_neighbours(neighbours, neighbours.rows);
  const std::int64_t n = neighbours.rows, k = neighbours.k;
  require(std::ssize(smooth.rho) == n && std::ssize(smooth.sigma) == n, "umap", "smooth",
          fmt::format("of {} and {} values", smooth.rho.size(), smooth.sigma.size()),
          "use the result of smooth_distances() for these neighbours");
  for (const float sigma : smooth.sigma) {
    require(sigma > 0, "umap", "sigma", sigma, "must be above 0");
  }
  const std::vector<Edge> out = edges_out(neighbours, smooth, pool);
  const EdgesIn in = edges_in(out, n, k);
  /// keep(v, target, weight) for each edge of each vertex; a vertex belongs to one task.
  const auto each_edge = [&](const auto& keep) {
    parallel_for(pool, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t v = begin; v < end; ++v) {
        join(std::span(out).subspan(at(v * k), at(k)), in.of(v),
             [&](std::int32_t target, float weight) {
               if (weight > 0) keep(v, target, weight);  // 0 if exp underflowed
             });
      }
    });
  };
  FuzzyGraph graph;
  graph.offsets.assign(at(n + 1), 0);
  each_edge([&](std::int64_t v, std::int32_t, float) { ++graph.offsets[at(v + 1)]; });
  for (std::int64_t v = 0; v < n; ++v) graph.offsets[at(v + 1)] += graph.offsets[at(v)];
  graph.targets.resize(at(graph.offsets.back()));
  graph.weights.resize(graph.targets.size());
  std::vector<std::int64_t> next(graph.offsets.begin(), graph.offsets.end() - 1);
  each_edge([&](std::int64_t v, std::int32_t target, float weight) {
    const std::size_t index = at(next[at(v)]++);
    graph.targets[index] = target;
    graph.weights[index] = weight;
  });
  return graph;
}

}  // namespace hourglass
