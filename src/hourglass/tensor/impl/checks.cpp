#include "hourglass/tensor/impl/checks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "hourglass/base/error.h"

namespace hourglass {

void require_matrix(std::string_view operation, std::string_view argument, ConstView x) {
  if (x.shape().rank() == 2) return;
  throw Error(operation, argument, "of shape " + x.shape().text(),
              "a matrix of one row per point is needed");
}

void require_columns(std::string_view operation, std::string_view argument, ConstView x,
                     std::int64_t columns) {
  if (x.shape().rank() == 2 && x.size(1) == columns) return;
  throw Error(operation, argument, "of shape " + x.shape().text(),
              fmt::format("{} columns are needed", columns));
}

void require_finite(std::string_view operation, std::string_view argument,
                    std::span<const float> values) {
  // All exponent bits set: infinite or NaN. Integers, so that the loop vectorises.
  constexpr std::uint32_t kExponent = 0x7f800000u;
  std::uint32_t bad = 0;
  for (const float x : values) {
    bad |= (std::bit_cast<std::uint32_t>(x) & kExponent) == kExponent ? 1u : 0u;
  }
  if (bad == 0) return;
  const auto first = std::ranges::find_if(values, [](float x) { return !std::isfinite(x); });
  throw Error(operation, argument, fmt::format("{} at index {}", *first, first - values.begin()),
              "every value must be a finite number");
}

void require_pixels(std::string_view operation, const ImageShape& shape) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  std::int64_t pixels = 1;
  for (const std::int64_t size : {shape.channels, shape.height, shape.width}) {
    if (size < 1 || pixels > kMost / size) {
      throw Error(operation, "shape", shape.text(),
                  "every size must be at least 1, and the product below 2^31");
    }
    pixels *= size;
  }
}

}  // namespace hourglass
