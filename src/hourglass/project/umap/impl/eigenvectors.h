// The first non-trivial eigenvectors of a connected graph's normalised Laplacian. Not for public
// use: see spectral.h.
#pragma once

#include <optional>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/umap/graph.h"

namespace hourglass {

/// `dims` eigenvectors [dims][vertices] by ascending eigenvalue, the entry of largest magnitude
/// positive; nothing if the iteration did not converge. If several vectors share an eigenvalue to
/// the last bits, as in a perfect ring of more than 200 vertices, perhaps only one of them is
/// found. Needs vertices >= dims + 2.
std::optional<std::vector<std::vector<double>>> laplacian_eigenvectors(const FuzzyGraph& graph,
                                                                       int dims, ThreadPool& pool);

}  // namespace hourglass
