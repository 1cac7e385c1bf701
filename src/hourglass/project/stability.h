// How much of a map is chance: the same points mapped several times by different seeds. Not how
// true the map is: see quality.h.
#pragma once

#include <span>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Root mean squares over maps and points, in units of the map's size, which is the root mean
/// square of the distances of its points from their mean. 0 where every seed draws the same map;
/// points strewn anew each time have about 1.
struct MapStability {
  double spread = 0;                // of the whole
  std::vector<float> point_spread;  // [n] of each point
};

/// Of maps [n, m] of the same points, at least two. Each but the first is brought to the size
/// of the first, then turned, mirrored and shifted onto it (lay_onto); a point's spread is that of
/// its places about their mean. Throws Error if shapes differ or a value is not finite.
MapStability map_stability(std::span<const Tensor> maps);

}  // namespace hourglass
