// Rows of a matrix as every method here wants them: from memory or from elsewhere, and finite.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/threads.h"
#include "tensor/tensor.h"

namespace hourglass {

/// Rows [begin, end) of a matrix that need not exist as floats (images kept as bytes): made in
/// `room` [end - begin, d], or where they lie already. Called from several threads at once, always
/// with the same answer.
using RowSource = std::function<ConstView(std::int64_t begin, std::int64_t end, View room)>;

/// A source over a matrix in memory, which must outlive it.
RowSource rows_of(ConstView x);

/// Throws Error "[operation] row 3, column 7 is nan ..." for the first value of x [n, d] that is
/// not finite, or if x is not a matrix.
void check_finite(std::string_view operation, ConstView x, ThreadPool& pool);

}  // namespace hourglass
