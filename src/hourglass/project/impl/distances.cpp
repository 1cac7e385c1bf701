#include "hourglass/project/impl/distances.h"

#include <limits>
#include <vector>

namespace hourglass {

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

float distance_slack(std::int64_t d) {
  // Higham 2002, eq. 3.4: a product of d terms in any order is off by d u / (1 - d u) times
  // |a||b| <= (|a|^2 + |b|^2) / 2, with u = 2^-24. Shift, norms and the last sums add less than
  // 16 u (|a|^2 + |b|^2). Doubled, to cover the rounding of the bound itself.
  return static_cast<float>(2 * d + 32) * std::numeric_limits<float>::epsilon() / 2;
}

}  // namespace hourglass
