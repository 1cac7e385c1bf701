#include "hourglass/project/umap/graph.h"

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/project/umap/impl/checks.h"

namespace hourglass {
namespace {

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

FuzzyGraph without_weak_edges(const FuzzyGraph& graph, float least) {
  check_graph(graph);
  FuzzyGraph kept;
  kept.offsets.reserve(graph.offsets.size());
  kept.targets.reserve(graph.targets.size());
  kept.weights.reserve(graph.weights.size());
  kept.offsets.push_back(0);
  for (std::int64_t v = 0; v < graph.vertices(); ++v) {
    for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
      if (graph.weights[at(e)] < least) continue;
      kept.targets.push_back(graph.targets[at(e)]);
      kept.weights.push_back(graph.weights[at(e)]);
    }
    kept.offsets.push_back(kept.edges());
  }
  return kept;
}

Components connected_components(const FuzzyGraph& graph) {
  check_graph(graph);
  Components components{std::vector<std::int32_t>(at(graph.vertices()), -1), 0};
  std::vector<std::int64_t> open;
  for (std::int64_t first = 0; first < graph.vertices(); ++first) {
    if (components.of[at(first)] >= 0) continue;
    components.of[at(first)] = components.count;
    open.assign(1, first);
    while (!open.empty()) {
      const std::int64_t v = open.back();
      open.pop_back();
      for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
        std::int32_t& label = components.of[at(graph.targets[at(e)])];
        if (label >= 0) continue;
        label = components.count;
        open.push_back(graph.targets[at(e)]);
      }
    }
    ++components.count;
  }
  return components;
}

FuzzyGraph component_graph(const FuzzyGraph& graph, const std::vector<std::int32_t>& vertices) {
  FuzzyGraph part;
  part.offsets.push_back(0);
  for (const std::int32_t v : vertices) {
    require(v >= 0 && v < graph.vertices(), "umap", "vertices", v, "the graph does not have it");
    for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
      const auto index = std::lower_bound(vertices.begin(), vertices.end(), graph.targets[at(e)]);
      part.targets.push_back(static_cast<std::int32_t>(index - vertices.begin()));
      part.weights.push_back(graph.weights[at(e)]);
    }
    part.offsets.push_back(part.edges());
  }
  return part;
}

}  // namespace hourglass
