// UMAP, second step: joins the neighbourhoods of all points into one graph.
#pragma once

#include "hourglass/project/knn.h"
#include "hourglass/project/umap/graph.h"
#include "hourglass/project/umap/smooth_distances.h"

namespace hourglass {

/// McInnes, Healy, Melville 2018, section 3.1: with A the directed membership strengths, the graph
/// A + A' - A * A' (element by element), the probability that at least one direction exists.
FuzzyGraph fuzzy_union(const Neighbours& neighbours, const SmoothDistances& smooth,
                       ThreadPool& pool);

}  // namespace hourglass
