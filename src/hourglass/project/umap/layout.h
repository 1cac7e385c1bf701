// UMAP, last step: pulls points that share an edge together, and pushes others apart.
#pragma once

#include <cstdint>
#include <memory>

#include "hourglass/base/threads.h"
#include "hourglass/project/umap/curve.h"
#include "hourglass/project/umap/graph.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct LayoutOptions {
  int epochs = 500;
  int negative_sample_rate = 5;     // pushes per pull; more give tighter, better separated groups
  float repulsion_strength = 1.0f;  // weight of each push
  float learning_rate = 1.0f;       // step length of the first epoch; falls linearly to 0
  std::uint64_t seed = 0;
};

/// Moves positions [n, dims], dims 1 .. 64, in place. McInnes, Healy, Melville 2018, algorithm 5
/// and section 3.2: an edge of weight w is due in a share w / max w of the epochs; when due it
/// pulls both of its ends, twice (once for each direction), and each end is pushed away from
/// `negative_sample_rate` vertices drawn at random.
///
/// The paper handles edge after edge and moves both ends of each. Here each vertex handles its own
/// edges in order, with all other vertices at their positions before the sweep; as in the paper,
/// both ends of an edge move. So vertices can be handled in any order and on any thread. A vertex's
/// random numbers are a function of (seed, epoch, vertex). Same bits for any number of threads, and
/// on every machine.
class UmapLayout {
 public:
  /// Everything is borrowed.
  UmapLayout(View positions, const FuzzyGraph& graph, const Curve& curve,
             const LayoutOptions& options);
  ~UmapLayout();
  UmapLayout(const UmapLayout&) = delete;
  UmapLayout& operator=(const UmapLayout&) = delete;

  /// Goes on until `until` epochs are done, options.epochs at most.
  void run(int until, ThreadPool& pool);
  int epochs_done() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hourglass
