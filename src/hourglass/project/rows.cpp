#include "hourglass/project/rows.h"

#include <bit>
#include <cmath>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {

void check_finite(std::string_view operation, ConstView x, ThreadPool& pool) {
  if (x.shape().rank() != 2) {
    fail(operation, "the data have shape {}: a matrix of one row per point is needed",
         x.shape().text());
  }
  const std::int64_t count = x.count();
  constexpr std::int64_t kGrain = 1 << 16;
  std::vector<std::int64_t> first_bad(static_cast<std::size_t>((count + kGrain - 1) / kGrain), -1);
  parallel_for(pool, count, kGrain, [&](std::int64_t begin, std::int64_t end) {
    // All exponent bits set: infinite or NaN. Integers, so that the loop vectorises.
    std::uint32_t bad = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      bad |= (std::bit_cast<std::uint32_t>(x[i]) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    if (bad == 0) return;
    std::int64_t i = begin;
    while (std::isfinite(x[i])) ++i;
    first_bad[static_cast<std::size_t>(begin / kGrain)] = i;
  });
  for (const std::int64_t i : first_bad) {
    if (i < 0) continue;
    fail(operation, "row {}, column {} is {}: every value must be a finite number", i / x.size(1),
         i % x.size(1), x[i]);
  }
}

}  // namespace hourglass
