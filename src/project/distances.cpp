#include "project/distances.h"

#include <algorithm>
#include <limits>

namespace hourglass {

double squared_distance(const float* a, const float* b, std::int64_t d) {
  double sum = 0;
  for (std::int64_t j = 0; j < d; ++j) {
    const double difference = static_cast<double>(a[j]) - static_cast<double>(b[j]);
    sum += difference * difference;
  }
  return sum;
}

void squared_distances_to_all(double* out, const float* a, ConstView x_transposed) {
  const std::int64_t d = x_transposed.size(0), n = x_transposed.size(1);
  constexpr std::int64_t kPiece = 512;  // of sums that stay in L1 while the columns pass
  for (std::int64_t begin = 0; begin < n; begin += kPiece) {
    const std::int64_t end = std::min(n, begin + kPiece);
    std::fill(out + begin, out + end, 0.0);
    for (std::int64_t j = 0; j < d; ++j) {
      const float* column = x_transposed.data() + j * n;
      const double own = static_cast<double>(a[j]);
      for (std::int64_t i = begin; i < end; ++i) {
        const double difference = own - static_cast<double>(column[i]);
        out[i] += difference * difference;
      }
    }
  }
}

Tensor distance_shift(ConstView x) {
  const std::int64_t n = x.size(0), d = x.size(1);
  std::vector<double> sum(static_cast<std::size_t>(d), 0.0);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < d; ++j) {
      sum[static_cast<std::size_t>(j)] += static_cast<double>(x[i * d + j]);
    }
  }
  Tensor shift(Shape{d});
  for (std::int64_t j = 0; j < d && n > 0; ++j) {
    shift[j] = static_cast<float>(sum[static_cast<std::size_t>(j)] / static_cast<double>(n));
  }
  return shift;
}

PreparedRows prepare_rows(ConstView x, ConstView shift, ThreadPool& pool) {
  const std::int64_t n = x.size(0), d = x.size(1);
  PreparedRows rows{Tensor(Shape{n, d}), std::vector<float>(static_cast<std::size_t>(n))};
  parallel_for(pool, n, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      double norm = 0;
      for (std::int64_t j = 0; j < d; ++j) {
        const float value = x[i * d + j] - shift[j];
        rows.shifted[i * d + j] = value;
        norm += static_cast<double>(value) * static_cast<double>(value);
      }
      rows.norm[static_cast<std::size_t>(i)] = static_cast<float>(norm);
    }
  });
  return rows;
}

float distance_slack(std::int64_t d) {
  // Higham 2002, eq. 3.4: a product of d terms in any order is off by d u / (1 - d u) times
  // |a||b| <= (|a|^2 + |b|^2) / 2, with u = 2^-24. Shift, norms and the last sums add less than
  // 16 u (|a|^2 + |b|^2). Doubled, to be on the safe side of the bound's own rounding.
  return static_cast<float>(2 * d + 32) * std::numeric_limits<float>::epsilon() / 2;
}

}  // namespace hourglass
