// How trustworthy a map is: whether its neighbours are true neighbours, and whether true neighbours
// stayed together. Says nothing of shapes, gaps and sizes, which no map preserves.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/metric.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct MapQualityOptions {
  int k = 10;  // neighbours of each point, as in Kobak and Berens 2019 (scikit-learn's default is
               // 5); reduced to fewer than half of the rows
  Metric metric = Metric::euclidean;  // of x; in the map it is always Euclidean
  std::int64_t exact_rows = 20000;    // measures all rows up to this number; above, a sample
  std::int64_t sample_rows = 2000;    // size of the sample; each is compared with all rows
  std::uint64_t seed = 0;             // of the sample
};

/// Measures in [0, 1], 1 is best: means over the measured rows, and values for each of them.
struct MapQuality {
  double trustworthiness = 1;    // 1 - penalty of the map's k neighbours by their true ranks
  double continuity = 1;         // 1 - penalty of the true k neighbours by their ranks in the map
  double neighbour_overlap = 1;  // share of the true k neighbours among the map's

  int k = 0;                                 // the k that was used
  bool sampled = false;                      // whether only a sample was measured
  std::vector<std::int64_t> rows;            // [asked] measured rows, ascending
  std::vector<float> point_trustworthiness;  // [asked]
  std::vector<float> point_continuity;       // [asked]
  std::vector<float> point_overlap;          // [asked]

  std::vector<std::int32_t> space_neighbours;  // [asked, k] the nearest rows of x, nearest first
  std::vector<std::int32_t> map_neighbours;    // [asked, k] the nearest rows of the map

  /// The k neighbours of the asked-th row in one of the two lists above.
  std::span<const std::int32_t> of(const std::vector<std::int32_t>& neighbours,
                                   std::int64_t asked) const {
    return std::span(neighbours)
        .subspan(static_cast<std::size_t>(asked * k), static_cast<std::size_t>(k));
  }
};

/// Trustworthiness and continuity (Venna and Kaski 2001) and the share of neighbours kept, of map
/// [n, m] of x [n, d]; ties go to the lower index. A row's values are exact, over all other rows:
/// distances are compared in double. Same bits for any number of threads. Throws Error if the rows
/// differ in number or are fewer than 3, for options out of range, or if a value is not finite.
MapQuality map_quality(ConstView x, ConstView map, const MapQualityOptions& options,
                       ThreadPool& pool);

}  // namespace hourglass
