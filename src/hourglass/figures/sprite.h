// Many small images in one picture, edge to edge, for programs. For people: see sheet.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/tensor/shape.h"

namespace hourglass {

/// The grid of images in a sprite: `side` rows of `side` images, filled row by row.
struct SpriteGrid {
  std::int64_t side = 0;
  std::int64_t image_height = 0;  // in pixels, of each in the sprite
  std::int64_t image_width = 0;
};

/// The smallest grid for n >= 1 images. If it would be wider or higher than `most` pixels, the
/// images are shrunk in proportion. Throws Error if even images of one pixel do not fit.
SpriteGrid sprite_grid(std::int64_t n, const ImageShape& shape, std::int64_t most);

/// The pixels [side * height, side * width, channels] of images [n, height, width, channels] that
/// have the grid's size; cells without an image are black.
std::vector<std::uint8_t> sprite_pixels(std::span<const std::uint8_t> images,
                                        const ImageShape& shape, std::int64_t side);

}  // namespace hourglass
