#include "hourglass/figures/impl/checks.h"

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

void check_shape(const ImageShape& shape) {
  constexpr std::int64_t kMostSide = 32767;  // of a picture in Cairo
  require_pixels("figure", shape);
  require(shape.channels == 1 || shape.channels == 3, "figure", "shape", shape.text(),
          "images have 1 channel (grey) or 3 (colour)");
  require(shape.height <= kMostSide && shape.width <= kMostSide, "figure", "shape", shape.text(),
          "no side may be longer than 32767");
}

void check_images(std::string_view argument, ConstView images, std::int64_t n,
                  const ImageShape& shape) {
  check_shape(shape);
  require_columns("figure", argument, images, shape.pixels());
  if (images.size(0) == n) return;
  throw Error("figure", argument, "of shape " + images.shape().text(),
              fmt::format("{} images are needed", n));
}

void check_size(std::string_view argument, std::size_t given, std::int64_t n, Optional optional) {
  if (static_cast<std::int64_t>(given) == n || (optional == Optional::yes && given == 0)) return;
  throw Error(
      "figure", argument, fmt::format("of size {}", given),
      fmt::format("{} values are needed{}", n, optional == Optional::yes ? ", or none" : ""));
}

void check_rising(std::string_view argument, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    require(std::abs(values[i]) <= 1e15 && (i == 0 || values[i] >= values[i - 1]), "figure",
            argument, values[i], "the values must be finite and rise");
  }
}

}  // namespace hourglass
