// One training step: forward and backward over a batch, then the optimiser. Not the loop: see
// trainer.h.
#pragma once

#include <cstdint>
#include <span>

#include "base/threads.h"
#include "data/dataset.h"
#include "models/apply.h"
#include "models/model.h"
#include "nn/adam.h"

namespace hourglass {

/// Chunk k of a batch belongs to lane k mod kLaneCount, whatever the number of threads. A lane adds
/// up its own gradients, its chunks in order, and lanes are added in lane order: so threads do not
/// change a bit.
inline constexpr std::int64_t kLaneCount = 8;

class Stepper {
 public:
  /// Plans every buffer for batches of at most `batch_size`; step() allocates nothing.
  Stepper(Model& model, std::int64_t batch_size, const AdamOptions& options, ThreadPool& pool);

  /// One step on images `rows` of the split, at most batch_size of them. Returns the sums of the
  /// images' losses before the step. Leaves the model as it was where a loss or a gradient is not
  /// finite; the sum of the losses is then not finite either.
  LossParts step(const Split& split, std::span<const std::int64_t> rows);

  Adam& adam() { return adam_; }
  /// The gradient of the last step's mean loss, in the engine's layout.
  std::span<const float> gradients() const { return gradients_.span(); }

 private:
  LossParts accumulate(const Split& split, std::span<const std::int64_t> rows);

  Model& model_;
  ThreadPool& pool_;
  Adam adam_;
  Workspaces workspaces_;
  Tensor lanes_;      // [lanes, gradient_count]
  Tensor lane_sum_;   // [gradient_count]
  Tensor gradients_;  // [parameters], engine layout
};

}  // namespace hourglass
