// exp and powers in double with the same bits on every machine: only + - * / and bit shifts,
// because libm's last bits differ between versions. Not for general use: arguments must be in the
// given ranges.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>

#include "hourglass/base/random.h"

namespace hourglass::fixed_math {

/// e^x for x <= 700, within a few ulp; 0 below -700.
inline double exp(double x) {
  assert(x <= 700);
  if (!(x >= -700)) return 0.0;
  const double whole = x * 1.4426950408889634;
  const auto n = static_cast<std::int64_t>(whole + (whole < 0 ? -0.5 : 0.5));
  // ln 2 in two parts, the first with trailing zeros, so that n times it is exact.
  const double high = 0x1.62e42fee00000p-1, low = 0x1.a39ef35793c76p-33;
  const double r = (x - static_cast<double>(n) * high) - static_cast<double>(n) * low;
  double series = 1.0;
  for (int k = 13; k >= 1; --k) series = 1.0 + series * r / k;
  return series * std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

/// x^y for normal x > 0 and |y log x| <= 700.
inline double pow(double x, double y) {
  return exp(y * portable_log(x));
}

}  // namespace hourglass::fixed_math
