// UMAP, last step: points that share an edge are drawn together, others pushed apart.
#pragma once

#include <cstdint>
#include <functional>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/graph.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct LayoutOptions {
  int epochs = 500;
  int negative_sample_rate = 5;     // pushes per pull; more make tighter, better parted groups
  float repulsion_strength = 1.0f;  // weight of each push
  float learning_rate = 1.0f;       // length of the first epoch's steps; falls to 0 in a line
  std::uint64_t seed = 0;
};

/// Called after each epoch with its number from 1, of how many, and the positions.
using LayoutWatch = std::function<void(int epoch, int of, ConstView positions)>;

/// Moves positions [n, dims], dims 1 .. 64, in place. McInnes, Healy, Melville 2018, algorithm 5
/// and section 3.2: an edge of weight w is due in a share w / max w of the epochs; when due it
/// pulls both of its ends, twice (once for each direction), and each end is pushed away from
/// `negative_sample_rate` vertices drawn at random.
///
/// The paper takes edge after edge, each moving both of its ends. Here each vertex goes through its
/// own edges, one after the other, and sees all others where they stood when the epoch began; that
/// both ends of an edge move at once, each by what the other sees, is what the paper's step does
/// too. So an epoch is one sweep over the vertices, in any order and on any thread. A vertex's
/// random numbers are a function of (seed, epoch, vertex). Same bits for any number of threads, and
/// on every machine.
void layout(View positions, const FuzzyGraph& graph, const Curve& curve,
            const LayoutOptions& options, ThreadPool& pool, Progress& progress = Progress::none(),
            const LayoutWatch& watch = {});

}  // namespace hourglass
