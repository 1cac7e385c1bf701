#include "hourglass/tensor/image_size.h"

#include <fmt/format.h>

namespace hourglass {

std::string ImageSize::text() const {
  return fmt::format("{} x {}", height, width);
}

}  // namespace hourglass
