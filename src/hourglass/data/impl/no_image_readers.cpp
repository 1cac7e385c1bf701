// In the place of image_readers.cpp where hourglass was built without the libraries for images.
#include "hourglass/data/impl/image_reader.h"

namespace hourglass {

std::span<const ImageReader> image_readers() {
  return {};
}

}  // namespace hourglass
