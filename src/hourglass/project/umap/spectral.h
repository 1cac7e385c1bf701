// UMAP, fourth step: the points' initial positions, from the eigenvectors of their graph.
#pragma once

#include <cstdint>

#include "hourglass/base/random.h"
#include "hourglass/base/threads.h"
#include "hourglass/project/umap/graph.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// How a start was found.
enum class UmapStart {
  kSpectral,    // eigenvectors of the whole graph
  kComponents,  // the graph is disconnected: eigenvectors of each component, side by side
  kPca,         // principal components of the data: asked for, or the eigenvectors did not converge
  kRandom,      // uniform, as asked for
};

struct SpectralStart {
  Tensor positions;  // [n, dims], the largest coordinate in magnitude is 10, with a little noise
  UmapStart how = UmapStart::kSpectral;
  std::int32_t components = 1;  // connected components of the graph
};

/// McInnes, Healy, Melville 2018, algorithm 4: the eigenvectors of the symmetric normalised
/// Laplacian I - D^-1/2 W D^-1/2 that follow the trivial one, by ascending eigenvalue, each with
/// its entry of largest magnitude positive. The data `x` [n, d] set the positions of the components
/// of a disconnected graph, and their PCA is the start when the eigenvectors do not converge. Same
/// bits for any number of threads.
SpectralStart spectral_start(const FuzzyGraph& graph, ConstView x, int dims, Rng& rng,
                             ThreadPool& pool);

/// The leading principal components of x; columns of noise where the data have fewer.
SpectralStart pca_start(const FuzzyGraph& graph, ConstView x, int dims, Rng& rng, ThreadPool& pool);

/// Uniform in -10 .. 10.
SpectralStart random_start(const FuzzyGraph& graph, int dims, Rng& rng);

}  // namespace hourglass
