// The distance between two rows of a matrix. Not the neighbour search: see knn.h.
#pragma once

#include <string_view>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

enum class Metric {
  euclidean,  // the norm of the difference
  cosine,     // 1 - the cosine of the angle; a zero row is at 0 from other zero rows, at 1 from the
              // rest
};

/// "euclidean" or "cosine".
std::string_view metric_name(Metric metric);

/// The metric of that name. Throws Error naming the known ones.
Metric parse_metric(std::string_view name);

/// Rows [n, d + 1] of norm 1, whose Euclidean distances rank like the angles of x [n, d]. A zero
/// row has no direction: it becomes the last axis, orthogonal to all other rows.
Tensor unit_rows(ConstView x, ThreadPool& pool);

}  // namespace hourglass
