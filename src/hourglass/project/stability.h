// How much of a map is random: the same points mapped several times with different seeds. Not how
// trustworthy the map is: see quality.h.
#pragma once

#include <span>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Root mean squares over maps and points, in units of the map's size (the root mean square
/// distance of its points from their mean). 0 if every seed gives the same map; about 1 for random
/// points.
struct MapStability {
  double spread = 0;                // of the whole map
  std::vector<float> point_spread;  // [n] of each point
};

/// The stability of at least two maps [n, m] of the same points. Each map but the first is scaled
/// to the size of the first, then rotated, mirrored and shifted onto it (align_to); a point's
/// spread is that of its positions about their mean. Throws Error if shapes differ or a value is
/// not finite.
MapStability map_stability(std::span<const Tensor> maps);

}  // namespace hourglass
