// TIFF files.
#include "image_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hourglass::ImageReader reader = hourglass::tiff_reader();
  hourglass::fuzz::check_image({data, size}, reader);
  return 0;
}
