// A picture with few colours, for smaller files. Not for figures that show images: those keep
// theirs.
#pragma once

#include "hourglass/figures/raster.h"

namespace hourglass {

/// The picture in at most `most` of its own colours (at least 1): the commonest ones stay exactly
/// as they are, then those that would miss most; every other colour becomes the nearest one kept.
Raster with_fewer_colors(Raster picture, std::size_t most);

}  // namespace hourglass
