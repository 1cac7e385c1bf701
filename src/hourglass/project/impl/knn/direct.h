// Nearest neighbours by all distances in double: fastest for few rows of many columns, where an
// embedding would cost more than the distances that it saves. The same result as search.h.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/impl/knn/search.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Whether all distances of rows [n, d] to each other take less time than an embedding of them.
bool direct_pays(std::int64_t rows, std::int64_t columns);

/// The k nearest other rows of each row of x [n, d], sorted: [n, k]; equal rows count, ties go to
/// the lower index. 1 <= k <= n - 1. Takes 8 n^2 bytes.
std::vector<Candidate> nearest_of_each_other(ConstView x, int k, ThreadPool& pool);

/// The k nearest rows of reference [n, d] to each row of queries [m, d], likewise: [m, k].
/// 1 <= k <= n.
std::vector<Candidate> nearest_of_others(ConstView reference, ConstView queries, int k,
                                         ThreadPool& pool);

}  // namespace hourglass
