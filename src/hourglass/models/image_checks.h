// The images that models accept. Not their reading or resizing: see data/.
#pragma once

#include "hourglass/models/model.h"

namespace hourglass {

inline constexpr std::int64_t kLeastSide = 8, kMostSide = 512;

/// Height, width and channels of the images. Throws Error unless they have 1 or 3 channels and are
/// from 8 x 8 to 512 x 512.
Extent image_extent(const ModelConfig& config);

}  // namespace hourglass
