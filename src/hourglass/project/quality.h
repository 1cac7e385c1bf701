// How far a map can be believed: whether what it shows as neighbours are neighbours, and whether
// neighbours stayed together. Not a judgement of shapes, gaps and sizes, which no map keeps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/metric.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct MapQualityOptions {
  int k = 10;  // neighbours looked at, as in Kobak and Berens 2019 (scikit-learn's default is 5);
               // reduced to fewer than half of the rows
  Metric metric = Metric::euclidean;  // of x; in the map it is always Euclidean
  std::int64_t exact_rows = 20000;    // up to so many rows every one is asked; above, a sample
  std::int64_t sample_rows = 2000;    // how many are asked then, each against all rows
  std::uint64_t seed = 0;             // of the sample
};

/// Measures in [0, 1], 1 the best, as means over the rows that were asked and for each of them.
struct MapQuality {
  double trustworthiness = 1;    // 1 less how far from true the map's k neighbours are, by rank
  double continuity = 1;         // 1 less how far off in the map the true k neighbours are
  double neighbour_overlap = 1;  // share of the true k neighbours among the map's

  int k = 0;                                 // what was used
  bool sampled = false;                      // whether not all rows were asked
  std::vector<std::int64_t> rows;            // [asked] which were, rising
  std::vector<float> point_trustworthiness;  // [asked]
  std::vector<float> point_continuity;       // [asked]
  std::vector<float> point_overlap;          // [asked]

  std::vector<std::int32_t> space_neighbours;  // [asked, k] the nearest rows of x, nearest first
  std::vector<std::int32_t> map_neighbours;    // [asked, k] and of the map

  /// The k neighbours of the asked-th row in one of the two lists above.
  std::span<const std::int32_t> of(const std::vector<std::int32_t>& neighbours,
                                   std::int64_t asked) const {
    return std::span(neighbours)
        .subspan(static_cast<std::size_t>(asked * k), static_cast<std::size_t>(k));
  }
};

/// Trustworthiness and continuity (Venna and Kaski 2001) and the share of neighbours kept, of map
/// [n, m] of x [n, d]; of equal distances the lower index ranks first. A
/// row's numbers are exact, over all other rows: they are decided in double. Same bits for any
/// number of threads. Throws Error if the rows differ in number or are fewer than 3, for options
/// out of range, or if a value is not finite.
MapQuality map_quality(ConstView x, ConstView map, const MapQualityOptions& options,
                       ThreadPool& pool);

}  // namespace hourglass
