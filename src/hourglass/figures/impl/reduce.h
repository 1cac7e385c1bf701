// Fewer colours in a picture, for smaller files. Not for figures that show images.
#pragma once

#include "hourglass/figures/raster.h"

namespace hourglass {

/// The picture in at most `most` (>= 1) of its own colours: half of them the most common ones, the
/// rest chosen where the error is largest. Every other colour becomes the nearest one kept.
Raster with_fewer_colors(Raster picture, std::size_t most);

}  // namespace hourglass
