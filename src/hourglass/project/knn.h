// The k nearest neighbours of every row, or of new rows among old ones. Exact wherever that ends in
// reasonable time; where it does not, some pairs are left out unseen, and the result says how many
// neighbours that cost. Not a graph: see umap/graph.h.
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

/// For each of n rows its k neighbours, the nearest first; of equally near ones the one with the
/// lower index first.
struct Neighbours {
  std::int64_t rows = 0;
  int k = 0;
  std::vector<std::int32_t> indices;  // [rows, k]
  std::vector<float> distances;       // [rows, k], Euclidean (not squared) or 1 - cosine

  bool exact = true;             // whether every pair was settled
  double recall = 1;             // share of the true neighbours that was found, 0..1
  std::int64_t recall_rows = 0;  // rows on which that was measured; 0 where exact
  std::string how = "exact";     // the search in words, fit to be shown

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
  exact,       // whatever it takes: the square of the rows
  candidates,  // faster and not exact: pairs that are probably far apart are not looked at
};

struct NeighbourOptions {
  int k = 15;                         // neighbours of a row, itself not counted
  Metric metric = Metric::euclidean;  // what "near" means
  Search search = Search::automatic;  // how hard to look
  std::uint64_t seed = 0;             // chooses the rows on which recall is measured
};

/// The nearest rows of x [n, d] to each row of x, itself left out (its duplicates are not). Same
/// bits for any number of threads. Throws Error unless 1 <= k <= n - 1, or if a value is not
/// finite.
Neighbours nearest_neighbours(ConstView x, const NeighbourOptions& options, ThreadPool& pool);

/// The same, exact and Euclidean.
Neighbours nearest_neighbours(ConstView x, int k, ThreadPool& pool);

/// Rows made ready once for searches among them.
class NeighbourIndex {
 public:
  /// `reference` [n, d] is borrowed and must outlive the index. Throws Error if there are no rows
  /// or a value is not finite.
  NeighbourIndex(ConstView reference, Metric metric, ThreadPool& pool);
  ~NeighbourIndex();
  NeighbourIndex(NeighbourIndex&&) noexcept;
  NeighbourIndex& operator=(NeighbourIndex&&) noexcept;

  /// The k nearest rows of the reference to each row of queries [m, d]. What a row gets does not
  /// depend on the queries beside it, to the bit. Throws Error unless 1 <= k <= n, if the columns
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
