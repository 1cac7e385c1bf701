// Groups of equal rows, so that a search compares each group once: otherwise thousands of copies
// would all be compared with each other.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/project/impl/knn/search.h"
#include "hourglass/project/knn.h"

namespace hourglass {

/// The rows of a matrix, grouped by equality.
struct Duplicates {
  std::vector<std::int32_t> firsts;  // the first row of each group, ascending
  std::vector<std::int32_t>
      first;                       // [n], first row of each row's group; empty if no rows are equal
  std::vector<std::int32_t> next;  // [n], the next row of the same group, or -1; empty likewise

  bool any() const { return !first.empty(); }
};
Duplicates find_duplicates(ConstView x, ThreadPool& pool);

/// The k nearest rows of a query, from its nearest groups, given by their first rows. `self` is the
/// index of the query if it is one of the rows, otherwise -1; `nearest` does not contain its group.
std::vector<Candidate> all_of_groups(const Duplicates& duplicates,
                                     std::span<const Candidate> nearest, std::int32_t self, int k);

}  // namespace hourglass
