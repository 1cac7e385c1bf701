// The registry where hourglass was built with the libraries for images.
#include <array>

#include "hourglass/data/impl/image_reader.h"

namespace hourglass {

std::span<const ImageReader> image_readers() {
  static const std::array readers{png_reader(), jpeg_reader(), webp_reader(), tiff_reader()};
  return readers;
}

}  // namespace hourglass
