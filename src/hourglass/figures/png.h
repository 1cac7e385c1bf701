// Pictures as PNG bytes, small and with their resolution. Not a reader.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/figures/raster.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// The picture as a PNG file: grey if all pixels are grey, with a palette if there are at most 256
/// colours, otherwise 8-bit RGB. The pHYs chunk holds the resolution. The same picture gives the
/// same bytes.
std::vector<std::uint8_t> png_bytes(const Raster& picture, double dots_per_inch = 200.0);

/// For programs: an image [height, width, channels] of 1 or 3 channels as a grey or RGB PNG of the
/// same size, without a resolution.
std::vector<std::uint8_t> image_png(std::span<const std::uint8_t> pixels, const ImageShape& shape);

}  // namespace hourglass
