// The weighted graph of UMAP. Not a general graph: undirected, without loops, each edge stored at
// both of its ends.
#pragma once

#include <cstdint>
#include <vector>

namespace hourglass {

/// The edges of vertex v are at offsets[v] .. offsets[v + 1] - 1, by ascending target.
struct FuzzyGraph {
  std::vector<std::int64_t> offsets;  // [vertices + 1]
  std::vector<std::int32_t> targets;  // [edges]
  std::vector<float> weights;         // [edges], membership strengths in (0, 1]

  std::int64_t vertices() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t edges() const { return static_cast<std::int64_t>(targets.size()); }
};

/// The graph without edges of weight below `least`.
FuzzyGraph without_weak_edges(const FuzzyGraph& graph, float least);

/// The index of each vertex's connected component, from 0 in the order of their first vertices.
struct Components {
  std::vector<std::int32_t> of;  // [vertices]
  std::int32_t count = 0;
};
Components connected_components(const FuzzyGraph& graph);

/// The subgraph of these vertices (ascending, closed under edges), renumbered from 0.
FuzzyGraph component_graph(const FuzzyGraph& graph, const std::vector<std::int32_t>& vertices);

}  // namespace hourglass
