#include "hourglass/tensor/shape.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "hourglass/base/error.h"

namespace hourglass {

Shape::Shape(std::initializer_list<std::int64_t> sizes) {
  bool good = sizes.size() <= kMaxRank;
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    if (!good) break;
    sizes_[static_cast<std::size_t>(rank_++)] = size;
    good = size >= 0 && !__builtin_mul_overflow(product, size, &product);
  }
  if (good) return;
  const std::string text = fmt::format("{}", fmt::join(sizes, " x "));
  const bool negative = std::ranges::any_of(sizes, [](std::int64_t size) { return size < 0; });
  require(!negative, "tensor", "sizes", text, "must not be negative");
  require(sizes.size() <= kMaxRank, "tensor", "sizes", text, "at most 4 axes are possible");
  require(false, "tensor", "sizes", text, "their product must be below 2^63");
}

std::int64_t Shape::count() const {
  std::int64_t product = 1;
  for (int axis = 0; axis < rank_; ++axis) product *= sizes_[static_cast<std::size_t>(axis)];
  return product;
}

std::string Shape::text() const {
  std::string text;
  for (int axis = 0; axis < rank_; ++axis) {
    text += fmt::format("{}{}", axis > 0 ? " x " : "", (*this)[axis]);
  }
  return text.empty() ? "scalar" : text;
}

std::string ImageShape::text() const {
  return fmt::format("{} x {} x {}", channels, height, width);
}

}  // namespace hourglass
