// Checks of what the steps of UMAP get from each other, or from a caller.
#pragma once

#include <string_view>

#include "hourglass/project/knn.h"
#include "hourglass/project/umap/graph.h"

namespace hourglass {

/// Throw Error unless all sizes belong together, indices are of rows, and distances or weights are
/// finite and not negative. `among` is the number of rows that indices are of.
void check_neighbours(const Neighbours& neighbours, std::int64_t among);
void check_graph(const FuzzyGraph& graph);

/// Throws Error unless a map may have this number of dimensions.
void check_map_dims(std::int64_t dims);

}  // namespace hourglass
