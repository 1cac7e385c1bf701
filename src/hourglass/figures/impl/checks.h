// Checks of what a figure is given, before anything is drawn.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Throws Error unless images of this shape can be drawn: grey or colour, of at most 32,767 pixels
/// a side.
void check_shape(const ImageShape& shape);

/// Throws Error unless `images` is [n, pixels of the shape].
void check_images(std::string_view argument, ConstView images, std::int64_t n,
                  const ImageShape& shape);

/// Throws Error unless there are n values, or none if they may be left out.
enum class Optional { no, yes };
void check_size(std::string_view argument, std::size_t given, std::int64_t n,
                Optional optional = Optional::no);

/// Throws Error unless all values are finite, and none is smaller than the one before it.
void check_rising(std::string_view argument, std::span<const double> values);

}  // namespace hourglass
