// The Adam optimiser, optionally with decoupled weight decay (AdamW).
#pragma once

#include <cstdint>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct AdamOptions {
  double learning_rate = 1e-3;  // step length; larger learns faster until it diverges
  double beta1 = 0.9;           // decay of the gradient's running mean
  double beta2 = 0.999;         // decay of the squared gradient's running mean
  double epsilon = 1e-8;        // keeps steps finite where gradients vanish
  double weight_decay = 0.0;    // each step first shrinks the weights by this times the rate
};

/// Kingma and Ba 2015, algorithm 1, in the form and order of operations of torch.optim.Adam; with
/// weight decay as torch.optim.AdamW (Loshchilov and Hutter 2019, algorithm 2), of all parameters.
/// The moments have the same layout as the weights.
class Adam {
 public:
  /// Throws Error for options out of range.
  Adam(std::int64_t count, const AdamOptions& options);

  /// One step; all three arrays have `count` floats. Same bits for any number of threads.
  void step(std::span<float> weights, std::span<const float> gradients, ThreadPool& pool);

  /// Changes the learning rate of the next steps.
  void set_learning_rate(double rate);

  // The state that a resumed run needs to continue bit for bit.
  Tensor m, v;             // [count]: running means of the gradient and of its square
  std::int64_t steps = 0;  // taken so far

 private:
  AdamOptions options_;
};

}  // namespace hourglass
