// Images that a reader collects. The result of reading: see tensor/rows.h.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

struct ByteImages {
  std::vector<std::uint8_t> pixels;  // [n, height, width, channels]
  std::vector<std::int64_t> labels;  // [n]

  /// Moves them into a row source.
  RowSource rows(const ImageShape& shape) && {
    return byte_rows(std::move(pixels), shape.pixels(), std::move(labels));
  }
};

}  // namespace hourglass
