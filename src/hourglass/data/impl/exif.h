// The one fact that is used of a photo's EXIF data: how the camera was held. Not a reader of any
// other tag.
#pragma once

#include <cstdint>
#include <span>

namespace hourglass {

/// The orientation, 1 to 8, in EXIF data (a TIFF header and its first directory, with or without
/// "Exif\0\0" before it); 1 if there is none, or if the data are damaged: no pixel depends on
/// them.
int exif_orientation(std::span<const std::uint8_t> exif);

}  // namespace hourglass
