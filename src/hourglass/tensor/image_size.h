// Height and width of an image. With channels: ImageShape, see shape.h.
#pragma once

#include <cstdint>
#include <string>

namespace hourglass {

struct ImageSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
  bool operator==(const ImageSize&) const = default;
  std::string text() const;  ///< "28 x 28", height first
};

}  // namespace hourglass
