#include "hourglass/figures/sprite.h"

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

[[noreturn]] void fail_too_many(std::int64_t n, std::int64_t most) {
  fail("sprite", "{} images do not fit into {} x {} pixels: take fewer", n, most, most);
}

}  // namespace

SpriteGrid sprite_grid(std::int64_t n, const ImageShape& shape, std::int64_t most) {
  require(n >= 1, "sprite", "n", n, "must be at least 1");
  require(most >= 1 && most <= 65535, "sprite", "most", most, "must be from 1 to 65535");
  require_pixels("sprite", shape);
  if (n > most * most) fail_too_many(n, most);
  SpriteGrid grid{1, shape.height, shape.width};
  while (grid.side * grid.side < n) ++grid.side;
  const std::int64_t room = most / grid.side;  // largest side of an image, in pixels
  if (room < 1) {
    fail_too_many(n, most);
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
  require_pixels("sprite", shape);
  require(side >= 1 && side <= 65535, "sprite", "side", side, "must be from 1 to 65535");
  const std::int64_t row = shape.width * shape.channels;  // bytes of an image's row
  const std::int64_t n = std::ssize(images) / shape.pixels();
  require(std::ssize(images) == n * shape.pixels() && n <= side * side, "sprite", "images",
          images.size(), "whole images that fit into the grid are needed");
  static_cast<void>(Shape{side, side, shape.pixels()});  // the size of the result can be counted
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
