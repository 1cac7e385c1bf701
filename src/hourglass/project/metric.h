// How far apart two rows of a matrix are. Not how neighbours are found: see knn.h.
#pragma once

#include <string_view>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

enum class Metric {
  euclidean,  // the length of the difference
  cosine,     // 1 - the cosine of the angle; a row of zeros is at 0 from its like, at 1 from others
};

/// "euclidean" or "cosine".
std::string_view metric_name(Metric metric);

/// The metric of that name; throws Error naming those there are.
Metric parse_metric(std::string_view name);

/// Rows [n, d + 1] of length 1, whose Euclidean distances rank as the angles of x [n, d] do. A row
/// of zeros has no direction: it gets the last column, at right angles to all others.
Tensor unit_rows(ConstView x, ThreadPool& pool);

}  // namespace hourglass
