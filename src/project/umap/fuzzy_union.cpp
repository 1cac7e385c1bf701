#include "project/umap/fuzzy_union.h"

#include <algorithm>
#include <span>

namespace hourglass {
namespace {

struct Edge {
  std::int32_t target;
  float weight;
};

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

FuzzyGraph fuzzy_union(const Neighbours& neighbours, const SmoothDistances& smooth) {
  const std::int64_t n = neighbours.rows, k = neighbours.k;
  std::vector<Edge> forward(at(n * k));            // row i: its neighbours, by rising target
  std::vector<std::int64_t> in_end(at(n + 1), 0);  // number of edges into a vertex, then their end
  for (std::int64_t i = 0; i < n; ++i) {
    const auto row = std::span(forward).subspan(at(i * k), at(k));
    for (std::int64_t j = 0; j < k; ++j) {
      const std::size_t place = at(i * k + j);
      const std::int32_t target = neighbours.indices[place];
      row[at(j)] = {
          target, membership(neighbours.distances[place], smooth.rho[at(i)], smooth.sigma[at(i)])};
      ++in_end[at(target + 1)];
    }
    std::sort(row.begin(), row.end(),
              [](const Edge& a, const Edge& b) { return a.target < b.target; });
  }
  for (std::int64_t i = 0; i < n; ++i) in_end[at(i + 1)] += in_end[at(i)];
  std::vector<std::int64_t> next(in_end.begin(), in_end.end() - 1);
  std::vector<Edge> backward(at(n * k));  // the edges into a vertex, by rising origin
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < k; ++j) {
      const Edge& edge = forward[at(i * k + j)];
      backward[at(next[at(edge.target)]++)] = {static_cast<std::int32_t>(i), edge.weight};
    }
  }

  FuzzyGraph graph;
  graph.offsets.push_back(0);
  const auto keep = [&](std::int32_t target, float weight) {
    if (weight <= 0) return;  // so far away that exp underflowed
    graph.targets.push_back(target);
    graph.weights.push_back(weight);
  };
  for (std::int64_t i = 0; i < n; ++i) {
    const auto out = std::span(forward).subspan(at(i * k), at(k));
    const auto in =
        std::span(backward).subspan(at(in_end[at(i)]), at(in_end[at(i + 1)] - in_end[at(i)]));
    auto a = out.begin();
    auto b = in.begin();
    while (a != out.end() || b != in.end()) {
      if (b == in.end() || (a != out.end() && a->target < b->target)) {
        keep(a->target, a->weight);
        ++a;
      } else if (a == out.end() || b->target < a->target) {
        keep(b->target, b->weight);
        ++b;
      } else {
        // Summed first and multiplied apart, so that both ends of an edge get the same bits.
        keep(a->target, (a->weight + b->weight) - a->weight * b->weight);
        ++a;
        ++b;
      }
    }
    graph.offsets.push_back(graph.edges());
  }
  return graph;
}

}  // namespace hourglass
