// The sizes of a tensor. Not strides: everything is contiguous, the last axis fastest.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace hourglass {

/// Up to four axes. Throws Error for negative sizes and for a product of 2^63 or more.
class Shape {
 public:
  static constexpr int kMaxRank = 4;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const {
    assert(axis >= 0 && axis < rank_);
    return sizes_[static_cast<std::size_t>(axis)];
  }
  std::int64_t count() const;  ///< Product of all sizes; 1 for rank 0.
  bool operator==(const Shape&) const = default;
  std::string text() const;  ///< "60000 x 784"

 private:
  std::array<std::int64_t, kMaxRank> sizes_{};
  int rank_ = 0;
};

/// What one image is: channels, height and width.
struct ImageShape {
  std::int64_t channels = 1;
  std::int64_t height = 28;
  std::int64_t width = 28;

  std::int64_t pixels() const { return channels * height * width; }
  bool operator==(const ImageShape&) const = default;
  std::string text() const;  ///< "1 x 28 x 28"
};

}  // namespace hourglass
