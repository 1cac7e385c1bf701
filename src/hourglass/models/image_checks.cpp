#include "hourglass/models/image_checks.h"

#include <algorithm>

#include "hourglass/base/error.h"

namespace hourglass {

Extent image_extent(const ModelConfig& config) {
  const ImageShape& s = config.shape;
  if (s.channels != 1 && s.channels != 3) {
    fail("model", "images have {} channels: {} takes 1 (grey) or 3 (colour)", s.channels,
         config.kind);
  }
  if (s.height > kMostSide || s.width > kMostSide) {
    fail("model", "images are {} x {}: {} takes at most {} x {}; try `image_size` 64x64", s.height,
         s.width, config.kind, kMostSide, kMostSide);
  }
  if (s.height < kLeastSide || s.width < kLeastSide) {
    fail("model",
         "images are {} x {}: {} takes at least {} x {}; the nearest is `image_size` {}x{}",
         s.height, s.width, config.kind, kLeastSide, kLeastSide, std::max(s.height, kLeastSide),
         std::max(s.width, kLeastSide));
  }
  return {s.height, s.width, s.channels};
}

}  // namespace hourglass
