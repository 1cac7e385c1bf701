// Augmentation of training images: mirrored, shifted by a few pixels. The target of the
// reconstruction changes with the image. Not corruption: see models/corruption.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/tensor/shape.h"

namespace hourglass {

struct Augmentation {
  bool flip = false;       // mirrors half of the images horizontally
  std::int64_t shift = 0;  // the most pixels in each direction; edge pixels are repeated

  bool operator==(const Augmentation&) const = default;
};

/// Parses "none", "flip", "shift:2", "flip,shift:2"; shifts are from 1 to 64. Throws Error
/// otherwise.
Augmentation parse_augmentation(std::string_view text);
/// Throws Error for a shift out of range.
void check_augmentation(const Augmentation& augmentation);
/// The text that parse_augmentation() reads.
std::string augmentation_text(const Augmentation& augmentation);

/// Augments an image of this shape in place, channels last. The result depends on the noise key
/// alone. Allocates nothing.
void augment(std::span<float> image, const ImageShape& shape, const Augmentation& augmentation,
             std::uint64_t key);

}  // namespace hourglass
