// One training step: forward and backward over a batch, then the optimiser. Not the loop: see
// trainer.h.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "hourglass/base/threads.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/model.h"
#include "hourglass/nn/adam.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/train/options.h"

namespace hourglass {

/// The options of a step.
struct StepOptions {
  std::int64_t batch_size = 128;  // the largest batch
  /// Separate sums of gradients: 1, 2, 4, 8 or 16. Chunk k belongs to lane k mod lanes, for any
  /// number of threads. A lane adds its chunks in order, and lanes are added in order: the number
  /// of threads changes no bit, and more threads than lanes do not help. Deferred gradients do not
  /// depend on the number of threads either: their pieces are cut by size.
  std::int64_t lanes = kUsualLanes;
  AdamOptions adam = {};
  Augmentation augmentation = {};
};

/// Rows of a source that form a batch, and its position in the run.
struct Batch {
  std::span<const std::int64_t> rows;
  std::uint64_t seed = 0;  // of the noise keys, with epoch and row
  std::int64_t epoch = 1;
  double progress = 0.0;  // the share of the run that is done, in [0, 1]
};

/// Sums over the images of a batch: the loss that is minimised, and its unweighted parts.
struct BatchLoss {
  double loss = 0.0;
  LossParts parts;
};

class Stepper {
 public:
  /// Allocates all buffers; step() allocates nothing. Throws Error for options out of range.
  Stepper(Model& model, const StepOptions& options, ThreadPool& pool);

  /// One step on a batch of at most batch_size images; throws Error for another one. Returns the
  /// losses before the step. If a loss or a gradient is not finite, the model stays unchanged and
  /// `loss` is not finite.
  BatchLoss step(const RowSource& source, const Batch& batch);

  /// Bytes of the buffers of such a Stepper.
  static std::int64_t bytes(const Model& model, const StepOptions& options, int threads);

  Adam& adam() { return adam_; }
  /// The gradient of the last step's mean loss, in the engine's layout.
  std::span<const float> gradients() const { return gradients_.span(); }

 private:
  /// Throws Error unless the batch is of the source, and the source of the model.
  void check(const RowSource& source, const Batch& batch) const;

  using Losses = std::array<LossParts, kMostLanes>;

  /// Losses and gradients of the batch: slice by slice, then the sum of the lanes.
  LossParts accumulate(const RowSource& source, const Batch& batch, const LossWeights& weights);
  /// Runs the chunks of rows [begin, end), one slice, into lanes_, kept_ and losses.
  void run_slice(Losses& losses, const RowSource& source, const Batch& batch,
                 const LossWeights& scale, std::int64_t begin, std::int64_t end);
  /// Forward and backward for rows [first, last) of the batch.
  LossParts run_chunk(const RowSource& source, const Batch& batch, const LossWeights& scale,
                      std::int64_t first, std::int64_t last, Model::Lane lane);

  Model& model_;
  ThreadPool& pool_;
  StepOptions options_;
  Adam adam_;
  Workspaces workspaces_;
  Tensor lanes_;      // [lanes, gradient_count]
  Tensor lane_sum_;   // [gradient_count]
  Tensor kept_;       // [images of a slice, kept_count]
  Tensor gradients_;  // [parameters], engine layout
};

}  // namespace hourglass
