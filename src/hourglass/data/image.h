// An image file in memory, of any kind that is known, as the pixels of a data set. Not a folder of
// them: see open.h. Not a writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hourglass/data/fit.h"
#include "hourglass/data/resize.h"

namespace hourglass {

struct ImageOptions {
  std::optional<ImageSize> size;  // the image is brought to it; without it, it keeps its own
  ImageFit fit = ImageFit::stretch;
  Background background;  // what transparent pixels are laid on; not automatic
};

/// One of `bytes` and `reals` is empty.
struct Image {
  ImageShape shape;                 // 1 channel or 3
  std::vector<std::uint8_t> bytes;  // [height, width, channels]
  std::vector<float> reals;         // the same in [0, 1], if bytes cannot hold the values exactly
  bool transparent = false;         // some pixel was
};

/// Reads a PNG, JPEG, WebP or TIFF; the content decides which. 1, 2 and 4 bits are scaled to
/// 0..255; 16 bits and real values stay as they are unless all are bytes (multiples of 257 or of
/// 1/255). The orientation that its EXIF data name is applied; no gamma and no colour profile is.
/// `name` is for errors: throws Error if the file is of another kind, damaged, cut short, or higher
/// or wider than kMaxImageSide. With a smaller size, images that are stored row by row are never
/// in memory as a whole.
Image read_image(std::span<const std::uint8_t> bytes, std::string_view name,
                 const ImageOptions& options = {});
Image read_image(const std::filesystem::path& path, const ImageOptions& options = {});

/// The libraries that read images with their versions, for reports.
std::vector<std::pair<std::string, std::string>> image_libraries();

}  // namespace hourglass
