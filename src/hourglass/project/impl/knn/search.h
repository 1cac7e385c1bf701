// Nearest neighbours among leaves of rows. What the bounds of the images leave open is settled by
// distances in double, so that the order of the search changes its speed and not its result.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/impl/knn/leaves.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A row that may be among the nearest; of equally near ones the lower index comes first.
struct Candidate {
  double squared;
  std::int32_t index;

  bool operator<(const Candidate& other) const {
    return squared != other.squared ? squared < other.squared : index < other.index;
  }
};

struct SearchSides {
  ConstView asking_rows;  // [m, d]
  const Leaves& asking;   // of some or all of them
  ConstView among_rows;   // [n, d]
  const Leaves& among;    // of some or all of them, by the same embedding
  const Embedding& embedding;
  bool leave_out_self;  // rows of equal index are one row
};

/// The k nearest, sorted, to each row that asks, at [row * k] of the result, [m * k]; places of
/// rows not in the leaves keep what they are made with. There must be k rows to be found. A leaf is
/// passed over if the box around it is farther away than `reach` times the k-th nearest so far: 1
/// makes the search exact, less makes it faster.
std::vector<Candidate> search_leaves(const SearchSides& sides, int k, float reach,
                                     ThreadPool& pool);

}  // namespace hourglass
