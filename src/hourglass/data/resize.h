// Images as bytes in memory, and their resizing. Not float tensors; no cropping: an image is
// stretched to the given size.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/tensor/image_size.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

struct ByteImage {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;  // [height, width, channels]
};

/// No image may be higher or wider than this, so that sums of weighted pixels stay exact.
inline constexpr std::int64_t kMaxImageSide = 8192;

/// Per axis: the mean over the area of the new pixel if the image shrinks, linear interpolation
/// between pixel centres (edges repeated) if it grows. Integer arithmetic, rounded once, halves up:
/// the same bytes on every machine. Sides must be in [1, kMaxImageSide].
ByteImage resize(const ByteImage& image, ImageSize size);

/// The same for n images, [n, height, width, channels]; real values in double, in a fixed order.
std::vector<std::uint8_t> resize_all(std::span<const std::uint8_t> pixels, const ImageShape& shape,
                                     ImageSize size);
std::vector<float> resize_all(std::span<const float> pixels, const ImageShape& shape,
                              ImageSize size);

/// Throws Error unless both sides are in [1, kMaxImageSide].
void check_image_size(ImageSize size);

/// Whether red, green and blue are equal everywhere; always true of one channel.
bool is_grey(const ByteImage& image);

}  // namespace hourglass
