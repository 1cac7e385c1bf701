// A labelled set of images in memory. Not a reader: see idx.h, image_folder.h, strokes.h and
// open.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace hourglass {

/// Images as they were read, one byte a channel, and their labels.
struct Split {
  std::vector<std::uint8_t> pixels;  // [n, height, width, channels]
  std::vector<std::int64_t> labels;  // [n], each in [0, classes)

  std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
  /// The bytes of image i.
  std::span<const std::uint8_t> image(std::int64_t i, const ImageShape& shape) const {
    const auto size = static_cast<std::size_t>(shape.pixels());
    return std::span(pixels).subspan(static_cast<std::size_t>(i) * size, size);
  }
};

struct Dataset {
  std::string name;  // as it appears in file names: "mnist", or a folder's name
  ImageShape shape;
  std::vector<std::string> class_names;  // in label order
  Split train;
  Split test;
  std::string
      sha256;  // over shape, pixels and labels of both splits: two equal sets have equal hashes
  std::string source;  // where it was found, for people

  std::int64_t classes() const { return static_cast<std::int64_t>(class_names.size()); }
};

}  // namespace hourglass
