// The weighted graph that the steps of UMAP hand on. Not a general graph: undirected, without
// loops, each edge stored from both of its ends.
#pragma once

#include <cstdint>
#include <vector>

namespace hourglass {

/// Edges of vertex v are places offsets[v] .. offsets[v + 1] - 1, by rising target.
struct FuzzyGraph {
  std::vector<std::int64_t> offsets;  // [vertices + 1]
  std::vector<std::int32_t> targets;  // [edges]
  std::vector<float> weights;         // [edges], membership strengths in (0, 1]

  std::int64_t vertices() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t edges() const { return static_cast<std::int64_t>(targets.size()); }
};

/// The graph without edges of less than `least` weight.
FuzzyGraph without_weak_edges(const FuzzyGraph& graph, float least);

/// For each vertex the number of its connected component; components are numbered from 0 in the
/// order of their first vertices.
struct Components {
  std::vector<std::int32_t> of;  // [vertices]
  std::int32_t count = 0;
};
Components connected_components(const FuzzyGraph& graph);

/// The part of the graph that has these vertices (rising, closed under edges), renumbered from 0.
FuzzyGraph component_graph(const FuzzyGraph& graph, const std::vector<std::int32_t>& vertices);

}  // namespace hourglass
