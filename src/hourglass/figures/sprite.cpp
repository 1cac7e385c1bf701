#include "hourglass/figures/sprite.h"

#include <algorithm>
#include <cassert>

#include "hourglass/base/error.h"

namespace hourglass {

SpriteGrid sprite_grid(std::int64_t n, const ImageShape& shape, std::int64_t most) {
  assert(n >= 1);
  SpriteGrid grid{1, shape.height, shape.width};
  while (grid.side * grid.side < n) ++grid.side;
  const std::int64_t room = most / grid.side;  // largest side of an image, in pixels
  if (room < 1) {
    fail("sprite", "{} images do not fit into {} x {} pixels: take fewer", n, most, most);
  }
  const std::int64_t longer = std::max(shape.height, shape.width);
  if (longer > room) {
    grid.image_height = std::max<std::int64_t>(1, shape.height * room / longer);
    grid.image_width = std::max<std::int64_t>(1, shape.width * room / longer);
  }
  return grid;
}

std::vector<std::uint8_t> sprite_pixels(std::span<const std::uint8_t> images,
                                        const ImageShape& shape, std::int64_t side) {
  const std::int64_t row = shape.width * shape.channels;  // bytes of an image's row
  const std::int64_t n = std::ssize(images) / shape.pixels();
  assert(n <= side * side);
  std::vector<std::uint8_t> out(static_cast<std::size_t>(side * side * shape.pixels()));
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t y = 0; y < shape.height; ++y) {
      const std::int64_t to = ((i / side * shape.height + y) * side + i % side) * row;
      std::copy_n(images.data() + i * shape.pixels() + y * row, row, out.data() + to);
    }
  }
  return out;
}

}  // namespace hourglass
