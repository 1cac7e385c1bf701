// Changes to training images that keep what they show: mirrored, shifted by a few pixels. The
// target of the reconstruction changes with the image. Not corruption: see models/corruption.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/tensor/shape.h"

namespace hourglass {

struct Augmentation {
  bool flip = false;       // left and right exchanged in half of the images
  std::int64_t shift = 0;  // pixels: up to so many in each direction, edge pixels repeated

  bool operator==(const Augmentation&) const = default;
};

/// "none", "flip", "shift:2", "flip,shift:2"; shifts from 1 to 64. Throws Error for another.
Augmentation parse_augmentation(std::string_view text);
/// As parse_augmentation() reads it.
std::string augmentation_text(const Augmentation& augmentation);

/// Changes an image of this shape in its place, channels last; its noise key alone decides how.
/// Allocates nothing.
void augment(std::span<float> image, const ImageShape& shape, const Augmentation& augmentation,
             std::uint64_t key);

}  // namespace hourglass
