// The squared error of pixels that logits stand for, and what goes with it, for any number of
// values: kernels take whole vectors.
#pragma once

#include <cstdint>

namespace hourglass {

/// As Kernels::sigmoid_loss: probabilities in `out`, the gradient by the logits, times `scale`, in
/// `gradient`; returns the sum of squared differences. Each has n floats.
double sigmoid_squared_error(float* out, float* gradient, const float* target, std::int64_t n,
                             float scale);

/// values = sigmoid(values), n of them.
void sigmoid_values(float* values, std::int64_t n);

}  // namespace hourglass
