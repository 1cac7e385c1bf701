#include "hourglass/tensor/shape.h"

#include <fmt/format.h>

namespace hourglass {

Shape::Shape(std::initializer_list<std::int64_t> sizes) {
  assert(sizes.size() <= kMaxRank);
  for (const std::int64_t size : sizes) {
    assert(size >= 0);
    sizes_[static_cast<std::size_t>(rank_++)] = size;
  }
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
