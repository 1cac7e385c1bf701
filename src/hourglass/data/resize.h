// Images as bytes in memory, and the resizing of bytes and real values, row by row or at once. No
// cropping: an image is stretched to the given size; see fit.h.
#pragma once

#include <cstdint>
#include <memory>
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

/// Resizes an image whose rows come one after another and keeps a few of them only. `Sample` is a
/// byte or a real value (float). Per axis: the mean over the area of the new pixel if the image
/// shrinks, linear interpolation between pixel centres (edges repeated) if it grows. Bytes are
/// computed in integers and rounded once, halves up: the same bytes on every machine; real values
/// in double, in a fixed order.
template <typename Sample>
class RowResizer {
 public:
  /// Throws Error unless all sides are in [1, kMaxImageSide].
  RowResizer(const ImageShape& from, ImageSize to);
  ~RowResizer();
  RowResizer(RowResizer&&) noexcept;
  RowResizer& operator=(RowResizer&&) noexcept;

  /// Begins an image, the next one after the first. `out` [height, width, channels] is written as
  /// soon as rows are complete, and must live until the last row was pushed.
  void begin(std::span<Sample> out);
  /// The next row of the old image, [width * channels].
  void push(std::span<const Sample> row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// RowResizer for an image in memory.
ByteImage resize(const ByteImage& image, ImageSize size);

/// The same for n images, [n, height, width, channels].
std::vector<std::uint8_t> resize_all(std::span<const std::uint8_t> pixels, const ImageShape& shape,
                                     ImageSize size);
std::vector<float> resize_all(std::span<const float> pixels, const ImageShape& shape,
                              ImageSize size);

/// Throws Error unless both sides are in [1, kMaxImageSide].
void check_image_size(ImageSize size);

}  // namespace hourglass
