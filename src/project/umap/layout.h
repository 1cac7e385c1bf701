// UMAP, last step: points that share an edge are drawn together, others pushed apart.
#pragma once

#include <cstdint>

#include "base/progress.h"
#include "base/threads.h"
#include "project/umap/curve.h"
#include "project/umap/graph.h"
#include "tensor/tensor.h"

namespace hourglass {

struct LayoutOptions {
  int epochs = 500;
  int negative_sample_rate = 5;     // pushes per pull; more make tighter, better parted groups
  float repulsion_strength = 1.0f;  // weight of each push
  float learning_rate = 1.0f;       // length of the first epoch's steps; falls to 0 in a line
  std::uint64_t seed = 0;
};

/// Moves positions [n, dims], dims 1 .. 64, in place. McInnes, Healy, Melville 2018, algorithm 5
/// and section 3.2: an edge of weight w is due in a share w / max w of the epochs; when due it
/// pulls both of its ends, twice (once for each direction), and each end is pushed away from
/// `negative_sample_rate` vertices drawn at random. Steps are clipped to 4 times the learning rate
/// per coordinate.
///
/// The paper takes edge after edge, each moving two points at once. Here each vertex adds up what
/// its own edges ask of it, so that vertices can go side by side: they are dealt out to 16 groups
/// with hardly an edge inside a group, the groups take turns, and within a turn the others of the
/// group are seen where they stood at its beginning. A vertex's random numbers are a function of
/// (seed, epoch, vertex). Same bits for any number of threads, and on every machine.
void layout(View positions, const FuzzyGraph& graph, const Curve& curve,
            const LayoutOptions& options, ThreadPool& pool, Progress& progress);

}  // namespace hourglass
