#include "kernels/matmul.h"

namespace hourglass {

void matmul_nt(View out, ConstView a, ConstView b) {
  const std::int64_t m = a.size(0), k = a.size(1), n = b.size(0);
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      float sum = 0;
      for (std::int64_t p = 0; p < k; ++p) sum += a[i * k + p] * b[j * k + p];
      out[i * n + j] = sum;
    }
  }
}

void matmul_tn_accumulate(View out, ConstView a, ConstView b) {
  const std::int64_t m = a.size(0), n = a.size(1), k = b.size(1);
  for (std::int64_t p = 0; p < m; ++p) {
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < k; ++j) out[i * k + j] += a[p * n + i] * b[p * k + j];
    }
  }
}

}  // namespace hourglass
