// Mean and covariance of the rows of a source. Not for public use: see pca.h.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Column means [columns], summed in double over fixed pieces of rows. Throws Error naming row and
/// column of a value that is not finite.
std::vector<double> column_means(const RowSource& source, std::int64_t rows, std::int64_t columns,
                                 ThreadPool& pool);

/// The covariance matrix [columns * columns], both triangles, with rows - 1 in the denominator.
/// Products are float32 within 1,024 rows and double across them, in fixed order.
std::vector<double> covariance(const RowSource& source, std::int64_t rows, ConstView mean,
                               ThreadPool& pool);

}  // namespace hourglass
