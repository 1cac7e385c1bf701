#include "hourglass/project/impl/knn/duplicates.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace hourglass {
namespace {

/// A hash that is equal for equal rows; 0 and -0 are equal.
std::uint64_t hash_row(const float* row, std::int64_t d) {
  // Four chains, for speed; each step is a bijection of the chain (Steele et al. 2014, SplitMix64).
  std::uint64_t chain[4] = {1, 2, 3, 4};
  for (std::int64_t j = 0; j < d; ++j) {
    std::uint64_t& h = chain[j % 4];
    h = (h ^ std::bit_cast<std::uint32_t>(row[j] + 0.0f)) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
  }
  std::uint64_t all = 0;
  for (const std::uint64_t h : chain) {
    all = (all ^ h) * 0xbf58476d1ce4e5b9u;
    all ^= all >> 32;
  }
  return all;
}

}  // namespace

Duplicates find_duplicates(ConstView x, ThreadPool& pool) {
  const std::int64_t n = x.size(0), d = x.size(1);
  struct Hashed {
    std::uint64_t hash;
    std::int32_t row;
    bool operator<(const Hashed& other) const {
      return hash != other.hash ? hash < other.hash : row < other.row;
    }
  };
  std::vector<Hashed> rows(static_cast<std::size_t>(n));
  parallel_for(pool, n, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      rows[static_cast<std::size_t>(i)] = {hash_row(x.data() + i * d, d),
                                           static_cast<std::int32_t>(i)};
    }
  });
  std::sort(rows.begin(), rows.end());

  Duplicates result;
  const auto make = [&] {
    result.first.resize(rows.size());
    std::iota(result.first.begin(), result.first.end(), 0);
    result.next.assign(rows.size(), -1);
  };
  // Rows of one hash are one group, except for collisions: a row joins the group that it equals.
  for (std::size_t begin = 0, end; begin < rows.size(); begin = end) {
    for (end = begin + 1; end < rows.size() && rows[end].hash == rows[begin].hash;) ++end;
    std::vector<std::int32_t> last;  // last row of each group of this hash
    for (std::size_t i = begin; i < end && end - begin > 1; ++i) {
      const std::int32_t row = rows[i].row;
      const auto equal = std::find_if(last.begin(), last.end(), [&](std::int32_t other) {
        return std::ranges::equal(x.row(row), x.row(other));
      });
      if (equal == last.end()) {
        last.push_back(row);
        continue;
      }
      if (!result.any()) make();
      result.first[static_cast<std::size_t>(row)] = result.first[static_cast<std::size_t>(*equal)];
      result.next[static_cast<std::size_t>(*equal)] = row;
      *equal = row;
    }
  }
  for (std::int32_t i = 0; i < n; ++i) {
    if (!result.any() || result.first[static_cast<std::size_t>(i)] == i) result.firsts.push_back(i);
  }
  return result;
}

std::vector<Candidate> all_of_groups(const Duplicates& duplicates,
                                     std::span<const Candidate> nearest, std::int32_t self, int k) {
  std::vector<Candidate> all;
  const auto add = [&](double squared, std::int32_t first) {
    int added = 0;
    for (std::int32_t i = first; i >= 0 && added < k;
         i = duplicates.next[static_cast<std::size_t>(i)]) {
      if (i == self) continue;
      all.push_back({squared, i});
      ++added;
    }
  };
  if (self >= 0) add(0, duplicates.first[static_cast<std::size_t>(self)]);
  for (const Candidate& group : nearest) {
    if (all.size() >= static_cast<std::size_t>(k) && group.squared > all.back().squared) break;
    add(group.squared, group.index);
  }
  std::sort(all.begin(), all.end());
  all.resize(static_cast<std::size_t>(k));
  return all;
}

}  // namespace hourglass
