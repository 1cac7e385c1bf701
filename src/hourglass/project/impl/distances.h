// Squared Euclidean distances: many at once with an error bound, or one at a time in double. Not a
// search: knn.h and ranks.h use the bounded distances first, and the exact ones where the bound
// does not decide.
#pragma once

#include <cstdint>

#include "hourglass/kernels/kernels.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// |a - b|^2 of two rows of d floats, in double: the same bits in every kernel set.
inline double squared_distance(const float* a, const float* b, std::int64_t d) {
  return kernels().near.squared_distance(a, b, d);
}

/// Column means of x [n, d]: subtracting them keeps rounding small for data far from zero.
Tensor distance_shift(ConstView x);

/// The bounded squared distance of shifted rows a and b is |a|^2 + |b|^2 - 2 a.b. Its error is at
/// most slack * (|a|^2 + |b|^2), including the rounding of the shift.
float distance_slack(std::int64_t d);

}  // namespace hourglass
