#include "hourglass/tensor/images.h"

#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

Tensor to_channels_first(ConstView images, const ImageShape& shape) {
  require_pixels("images", shape);
  require_columns("images", "images", images, shape.pixels());
  const std::int64_t n = images.size(0), area = shape.height * shape.width;
  Tensor out({n, shape.channels, shape.height, shape.width});
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t p = 0; p < area; ++p) {
        out[(i * shape.channels + c) * area + p] = images[(i * area + p) * shape.channels + c];
      }
    }
  }
  return out;
}

}  // namespace hourglass
