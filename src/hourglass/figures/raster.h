// Images as bytes, enlarged by whole factors or shrunk to fit. Not files: see png.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/figures/palette.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// An RGB picture of 8 bits a channel.
struct Raster {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // [height, width, 3]
};

/// A float in [0, 1] as a byte, rounded; values outside are clipped, NaN is 0.
std::uint8_t byte_of(double value);

/// An image of 1 or 3 channels; grey 0 is black and 1 is white, always.
Raster raster_of(std::span<const float> pixels /* [height, width, channels] */,
                 const ImageShape& shape);

/// |a - b|, averaged over the channels, in magnitude_color; `full_scale` and above are darkest.
Raster difference_of(std::span<const float> a, std::span<const float> b, const ImageShape& shape,
                     double full_scale);

/// The size at which an image is drawn.
struct Fit {
  int width = 0;
  int height = 0;
  int factor = 0;  // how many times enlarged; 0: the image is shrunk
};

/// The largest whole factor at which the image fits into the cell; if even 1 is too large, the
/// largest size of the same proportions, at least 1 x 1.
Fit fit_image(const ImageShape& shape, double cell_width, double cell_height);

/// The picture at another size: pixels are repeated for a whole factor, averaged over their area
/// when it shrinks.
Raster resized(const Raster& picture, const Fit& fit);

}  // namespace hourglass
