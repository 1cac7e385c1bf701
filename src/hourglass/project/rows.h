// Checks that the rows of a matrix are finite, as every method here needs them.
#pragma once

#include <string_view>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/rows.h"

namespace hourglass {

/// Throws Error "[operation] row 3, column 7 is nan ..." for the first value of x [n, d] that is
/// not finite, or if x is not a matrix.
void check_finite(std::string_view operation, ConstView x, ThreadPool& pool);

}  // namespace hourglass
