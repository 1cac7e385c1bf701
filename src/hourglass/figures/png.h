// Pictures as PNG bytes, small and with their resolution. Not a reader.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/figures/raster.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// The picture as a PNG file: grey where all is grey, a palette where at most 256 colours occur,
/// 8-bit RGB otherwise; the resolution in its pHYs chunk. The same picture gives the same bytes.
std::vector<std::uint8_t> png_bytes(const Raster& picture, double dots_per_inch = 200.0);

/// An image of 1 or 3 channels [height, width, channels] as a grey or RGB PNG of its own size,
/// pixel by pixel and without a resolution: for programs.
std::vector<std::uint8_t> image_png(std::span<const std::uint8_t> pixels, const ImageShape& shape);

}  // namespace hourglass
