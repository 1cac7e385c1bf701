// The way of an image's rows to their place: alpha laid on the background, the window cut out,
// resized, turned as the camera was held, put into the background. Row by row until the image is
// small. See image.h.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hourglass/data/image.h"
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {

/// `Sample` is a byte or a float in [0, 1].
template <typename Sample>
class RowFitter {
 public:
  RowFitter(const ImageHeader& header, const ImageOptions& options);

  /// The next row as decoded, [width * channels] with alpha if there is any.
  void push(std::span<const Sample> row);
  /// Whether some pixel was transparent.
  bool transparent() const { return transparent_; }
  /// After the last row: the image [height, width, channels], upright.
  std::vector<Sample> take(ImageShape& shape);

 private:
  void lay_on_background(std::span<const Sample> row);

  ImageHeader header_;
  bool transparent_ = false;
  std::int64_t colours_ = 1, row_ = 0;  // 1 or 3
  Sample background_[3] = {};
  ImageShape target_;
  Placement placement_;   // upright
  Window window_, made_;  // of the stored image, and its size when resized, not yet upright
  std::vector<Sample> colour_row_, small_;
  std::unique_ptr<RowResizer<Sample>> resizer_;  // none if the size stays
};

/// How much an image with alpha varies where it is laid on black, and on white: the variances of
/// its samples in [0, 1]. With `transparent`, whether some pixel is.
struct Contrasts {
  double on_black = 0.0, on_white = 0.0;
  bool transparent = false;
};
Contrasts contrasts_of(ImageDecoder& decoder);

/// The byte that is exactly this value, value == byte / 255; -1 if none is.
int exact_byte(float value);

/// Reads all rows of the opened image.
Image fit_image(ImageDecoder& decoder, const ImageOptions& options);

}  // namespace hourglass
