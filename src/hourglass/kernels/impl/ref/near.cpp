#include <algorithm>

#include "hourglass/kernels/impl/ref/ref.h"

namespace hourglass::ref {
namespace {

std::int64_t product(const NearPairs& pairs, const NearProduct& a) {
  std::int64_t count = 0;
  for (std::int64_t m = 0; m < a.row_count; ++m) {
    for (std::int64_t j = 0; j < kLeaf; ++j) {
      float sum = a.bias[j];
      for (std::int64_t c = 0; c < a.depth; ++c) {
        sum += a.rows[a.row_offset[m] + c] * a.columns[c * kLeaf + j];
      }
      if (!(sum >= a.limit[m])) continue;
      pairs.pair[count] = static_cast<std::uint32_t>(m * kLeaf + j);
      pairs.value[count++] = sum;
    }
  }
  return count;
}

std::int64_t refine(const NearPairs& pairs, std::int64_t count, const NearRefine& a) {
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint32_t pair = pairs.pair[i];
    float sum = 0;
    for (std::int64_t c = 0; c < a.depth; ++c) {
      const float difference = a.rows[a.row_offset[pair / kLeaf] + c] -
                               a.columns[static_cast<std::int64_t>(pair % kLeaf) * a.depth + c];
      sum += difference * difference;
    }
    if (!(sum <= a.limit[pair / kLeaf])) continue;
    pairs.pair[kept] = pair;
    pairs.value[kept++] = sum;
  }
  return kept;
}

void box(float* out, const float* points, const float* low, const float* high, std::int64_t depth) {
  for (std::int64_t i = 0; i < kLeaf; ++i) {
    out[i] = 0;
    for (std::int64_t c = 0; c < depth; ++c) {
      const float x = points[c * kLeaf + i];
      const float outside = std::max({low[c] - x, x - high[c], 0.0f});
      out[i] += outside * outside;
    }
  }
}

double squared_distance(const float* a, const float* b, std::int64_t d) {
  double sums[8] = {};
  for (std::int64_t j = 0; j < d; ++j) {
    const double difference = static_cast<double>(a[j]) - static_cast<double>(b[j]);
    sums[j % 8] += difference * difference;
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

}  // namespace

const NearKernels& near_kernels() {
  static constexpr NearKernels set{product, refine, box, squared_distance};
  return set;
}

}  // namespace hourglass::ref
