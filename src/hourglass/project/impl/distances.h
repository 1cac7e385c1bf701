// Squared Euclidean distances, many at once with a bound on their error, and one at a time as
// exactly as doubles go. Not a search: see knn.h and ranks.h, which decide by the bounded ones and
// settle by the exact ones what the bound leaves open.
#pragma once

#include <cstdint>

#include "hourglass/kernels/kernels.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// |a - b|^2 of two rows of d floats, in double: the same bits in every kernel set.
inline double squared_distance(const float* a, const float* b, std::int64_t d) {
  return kernels().near.squared_distance(a, b, d);
}

/// Column means of x [n, d], a shift that keeps rounding small for data far from zero.
Tensor distance_shift(ConstView x);

/// The bounded squared distance of shifted rows a and b is norm(a) + norm(b) - 2 a.b; it differs
/// from the exact one by at most slack * (norm(a) + norm(b)), rounding of the shift included.
float distance_slack(std::int64_t d);

}  // namespace hourglass
