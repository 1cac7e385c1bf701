// Nearest neighbours among leaves of rows. Pairs that the bounds of the images do not decide are
// decided by distances in double, so the order of the search changes its speed, not its result.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/impl/knn/leaves.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A row that may be among the nearest. Ties go to the lower index.
struct Candidate {
  double squared;
  std::int32_t index;

  bool operator<(const Candidate& other) const {
    return squared != other.squared ? squared < other.squared : index < other.index;
  }
};

struct SearchSides {
  ConstView query_rows;      // [m, d]
  const Leaves& queries;     // of some or all of them
  ConstView reference_rows;  // [n, d]
  const Leaves& reference;   // of some or all of them, by the same embedding
  const Embedding& embedding;
  bool leave_out_self;  // rows of equal index are one row
};

/// The k nearest rows to each query row, sorted, at [row * k] of the result, [m * k]; entries of
/// rows not in the leaves keep their initial values. There must be at least k rows to find. A leaf
/// is skipped if its box is farther away than `reach` times the k-th nearest so far: 1 makes the
/// search exact, less makes it faster.
std::vector<Candidate> search_leaves(const SearchSides& sides, int k, float reach,
                                     ThreadPool& pool);

}  // namespace hourglass
