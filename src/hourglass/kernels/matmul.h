// Dense matrix products in float32. Every output is summed in one fixed order over k, for all sizes
// and numbers of rows, so that a row gets the same bits alone and among thousands.
#pragma once

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// out [m, n] = a [m, k] times the transpose of b [n, k].
void matmul_nt(View out, ConstView a, ConstView b);

/// out [n, k] += the transpose of a [m, n] times b [m, k], rows of a and b in order.
void matmul_tn_accumulate(View out, ConstView a, ConstView b);

}  // namespace hourglass
