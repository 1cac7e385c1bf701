// Rows that are equal, so that a search meets each once: thousands of copies would otherwise be
// compared each with each.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/project/impl/knn/search.h"
#include "hourglass/project/knn.h"

namespace hourglass {

/// Rows of a matrix by equality.
struct Duplicates {
  std::vector<std::int32_t> firsts;  // the first row of each group, rising
  std::vector<std::int32_t> first;   // [n], of each row's group; empty if no two rows are equal
  std::vector<std::int32_t> next;    // [n], the next row of the same group, or -1; likewise

  bool any() const { return !first.empty(); }
};
Duplicates find_duplicates(ConstView x, ThreadPool& pool);

/// The k nearest rows to one that asks, when `nearest` are the nearest groups by their first rows.
/// `self` is the row that asks where it is one of the rows itself, or -1; its own group is then not
/// among `nearest`.
std::vector<Candidate> all_of_groups(const Duplicates& duplicates,
                                     std::span<const Candidate> nearest, std::int32_t self, int k);

}  // namespace hourglass
