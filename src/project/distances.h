// Squared Euclidean distances, many at once with a bound on their error, and one at a time as
// exactly as doubles go. Not a search: see knn.h and trustworthiness.h, which decide by the bounded
// ones and settle by the exact ones what the bound leaves open.
#pragma once

#include <cstdint>
#include <vector>

#include "base/threads.h"
#include "tensor/tensor.h"

namespace hourglass {

/// |a - b|^2 of two rows of d floats, summed in double in index order.
double squared_distance(const float* a, const float* b, std::int64_t d);

/// The same from row `a` to every row of x, which is given transposed, [d, n]: the same bits, many
/// at once. `out` has room for n.
void squared_distances_to_all(double* out, const float* a, ConstView x_transposed);

/// Rows made ready for bounded distances: shifted by a common vector, with their squared norms.
struct PreparedRows {
  Tensor shifted;           // [n, d]
  std::vector<float> norm;  // [n], of the shifted rows
};
PreparedRows prepare_rows(ConstView x, ConstView shift, ThreadPool& pool);

/// Column means of x [n, d], a shift that keeps rounding small for data far from zero.
Tensor distance_shift(ConstView x);

/// The bounded squared distance of shifted rows a and b is norm(a) + norm(b) - 2 a.b; it differs
/// from the exact one by at most slack * (norm(a) + norm(b)), rounding of the shift included.
float distance_slack(std::int64_t d);

}  // namespace hourglass
