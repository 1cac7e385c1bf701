// The k nearest neighbours of every row, or of new rows among old ones. Exact where that takes
// reasonable time; otherwise approximate, and the result contains the recall. Not a graph: see
// umap/graph.h.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/metric.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The k neighbours of each of n rows, nearest first; ties go to the lower index.
struct Neighbours {
  std::int64_t rows = 0;
  int k = 0;
  std::vector<std::int32_t> indices;  // [rows, k]
  std::vector<float> distances;       // [rows, k], Euclidean (not squared) or 1 - cosine

  bool exact = true;             // whether all neighbours are the true ones
  double recall = 1;             // share of the true neighbours that were found, 0..1
  std::int64_t recall_rows = 0;  // rows on which recall was measured; 0 where exact
  std::string how = "exact";     // the search in words, for messages

  std::span<const std::int32_t> indices_of(std::int64_t i) const {
    return std::span(indices).subspan(static_cast<std::size_t>(i * k), static_cast<std::size_t>(k));
  }
  std::span<const float> distances_of(std::int64_t i) const {
    return std::span(distances).subspan(static_cast<std::size_t>(i * k),
                                        static_cast<std::size_t>(k));
  }
};

enum class Search {
  automatic,   // exact up to 560,000 rows of 32 columns (1e13 products), then candidates
  exact,       // time grows with the square of the rows
  candidates,  // faster, approximate: skips pairs that are probably far apart
};

struct NeighbourOptions {
  int k = 15;                         // neighbours of a row, without the row itself
  Metric metric = Metric::euclidean;  // what "near" means
  Search search = Search::automatic;  // exact or approximate
  std::uint64_t seed = 0;             // chooses the rows on which recall is measured
};

/// The nearest rows of x [n, d] to each row of x, without the row itself (duplicates count). Same
/// bits for any number of threads. Throws Error unless 1 <= k <= n - 1, or if a value is not
/// finite.
Neighbours nearest_neighbours(ConstView x, const NeighbourOptions& options, ThreadPool& pool);

/// The same, exact and Euclidean.
Neighbours nearest_neighbours(ConstView x, int k, ThreadPool& pool);

/// Rows prepared once for many searches.
class NeighbourIndex {
 public:
  /// `reference` [n, d] is borrowed and must outlive the index. Throws Error if there are no rows
  /// or a value is not finite.
  NeighbourIndex(ConstView reference, Metric metric, ThreadPool& pool);
  ~NeighbourIndex();
  NeighbourIndex(NeighbourIndex&&) noexcept;
  NeighbourIndex& operator=(NeighbourIndex&&) noexcept;

  /// The k nearest rows of the reference to each row of queries [m, d]. The result of a row does
  /// not depend on the other queries, to the bit. Throws Error unless 1 <= k <= n, if the columns
  /// differ, or if a value is not finite.
  Neighbours query(ConstView queries, int k, ThreadPool& pool) const;
  /// The nearest other rows of the reference to each of its rows, as nearest_neighbours gives them;
  /// the metric is the index's.
  Neighbours of_each_other(const NeighbourOptions& options, ThreadPool& pool) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The k nearest rows of reference [n, d] to each row of queries [m, d]: an index used once.
Neighbours nearest_neighbours(ConstView reference, ConstView queries, int k, ThreadPool& pool);

}  // namespace hourglass
