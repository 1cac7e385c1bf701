// Checks of matrices that callers give, shared by the modules. Not for inner loops.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Throws Error unless `x` is a matrix.
void require_matrix(std::string_view operation, std::string_view argument, ConstView x);

/// Throws Error unless `x` is a matrix of this number of columns.
void require_columns(std::string_view operation, std::string_view argument, ConstView x,
                     std::int64_t columns);

/// Throws Error with the index of the first value that is not finite.
void require_finite(std::string_view operation, std::string_view argument,
                    std::span<const float> values);

/// Throws Error unless images of this shape have pixels, and their number fits into 31 bits.
void require_pixels(std::string_view operation, const ImageShape& shape);

}  // namespace hourglass
