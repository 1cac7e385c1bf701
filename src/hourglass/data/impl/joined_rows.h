// Rows of two sources as one, with labels of their own. No row is copied.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/tensor/rows.h"

namespace hourglass {

/// The rows of `first`, then those of `second`, with their names; `labels` is one for each or
/// empty. Bytes if both are. Throws Error if both have rows, of different sizes.
RowSource joined_rows(const RowSource& first, const RowSource& second,
                      std::vector<std::int64_t> labels);

}  // namespace hourglass
