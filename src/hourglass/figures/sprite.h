// Many small images in one picture, edge to edge, for programs that cut it up again. Not for
// people: see sheet.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/tensor/shape.h"

namespace hourglass {

/// How n images lie in a sprite: `side` in a row and as many rows, filled by rows.
struct SpriteGrid {
  std::int64_t side = 0;
  std::int64_t image_height = 0;  // in pixels, of each in the sprite
  std::int64_t image_width = 0;
};

/// The smallest such grid for n >= 1 images; where it would be wider or higher than `most` pixels,
/// the images are smaller, of the same proportions as nearly as pixels allow. Throws Error where a
/// pixel an image is too many.
SpriteGrid sprite_grid(std::int64_t n, const ImageShape& shape, std::int64_t most);

/// The pixels [side * height, side * width, channels] of images [n, height, width, channels] that
/// have the grid's size; places without an image are black.
std::vector<std::uint8_t> sprite_pixels(std::span<const std::uint8_t> images,
                                        const ImageShape& shape, std::int64_t side);

}  // namespace hourglass
