// Where new points are in a map, and what is between the data at a position of it, given the
// nearest points. The search itself is the caller's; UmapTransformer (model.h) does both.
#pragma once

#include <span>

#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Positions [m, dims] of m rows in a map [n, dims], from their nearest mapped rows: as
/// UmapTransformer::transform says.
Tensor place_among(ConstView map, const Neighbours& nearest, ThreadPool& pool);

/// The weight of each of the nearest mapped points of a position at these distances, which ascend:
/// as UmapTransformer::inverse_transform says. Their sum is above 0 and not 1.
void blend_weights(std::span<float> weights, std::span<const float> distances);

/// Data rows [m, d]: the means of the data [n, d] of the nearest mapped points of m positions, so
/// weighted.
Tensor blend_of(ConstView data, const Neighbours& nearest, ThreadPool& pool);

}  // namespace hourglass
