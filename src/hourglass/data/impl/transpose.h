// Swaps rows and columns of images. Not a matrix transposition of all pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// Pixels [n, height, width, channels] to [n, width, height, channels], in their place.
void transpose_images(std::vector<std::uint8_t>& pixels, const ImageShape& shape);

/// A copy of the images with rows and columns swapped; labels and names stay.
RowSource transposed(const RowSource& images, const ImageShape& shape);

}  // namespace hourglass
