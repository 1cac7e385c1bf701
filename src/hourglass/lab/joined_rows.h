// Two sources of rows as one. Holds both, copies neither.
#pragma once

#include "hourglass/tensor/rows.h"

namespace hourglass {

/// The rows of `first`, then those of `second`; labels and names if both have them. Throws Error if
/// the columns differ.
RowSource joined_rows(const RowSource& first, const RowSource& second);

}  // namespace hourglass
