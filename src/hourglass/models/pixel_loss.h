// The squared error of sigmoid(logits), its gradient, and sigmoid, for any number of values; the
// kernels take whole SIMD vectors only.
#pragma once

#include <cstdint>

namespace hourglass {

/// As Kernels::sigmoid_loss: replaces the logits in `out` by probabilities, writes `scale` times
/// the gradient by the logits into `gradient`, and returns the sum of squared differences. Each
/// array has n floats.
double sigmoid_squared_error(float* out, float* gradient, const float* target, std::int64_t n,
                             float scale);

/// values = sigmoid(values), n of them.
void sigmoid_values(float* values, std::int64_t n);

}  // namespace hourglass
