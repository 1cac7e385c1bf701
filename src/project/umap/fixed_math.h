// exp, log2, exp2 and powers with the same bits on every machine: only + - * / and bit shifts,
// where libm's last bits differ from one version to the next. Not for general use: arguments are
// taken to lie in the ranges that are named.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>

#include "base/random.h"

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

/// log2 x for normal x > 0, within 1e-6 absolute. Written without branches, so that loops over it
/// become vector instructions.
inline float log2(float x) {
  // Taken apart at sqrt(1/2), so that the mantissa lies around 1.
  const std::int32_t bits = std::bit_cast<std::int32_t>(x) - 0x3f3504f3;
  const std::int32_t exponent = bits >> 23;
  const float f = std::bit_cast<float>((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  // Chebyshev fit of log2(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1].
  float p = 0.172128737f;
  p = p * f - 0.269506276f;
  p = p * f + 0.295633614f;
  p = p * f - 0.359350652f;
  p = p * f + 0.480629146f;
  p = p * f - 0.721364021f;
  p = p * f + 1.44269645f;
  return static_cast<float>(exponent) + f * p;
}

/// 2^x for |x| <= 126 (clamped to it), within 1e-6 relative. Without branches.
inline float exp2(float x) {
  x = std::min(std::max(x, -126.0f), 126.0f);
  const float shifted = x + 12582912.0f;  // 1.5 * 2^23: the sum's last bits are x rounded
  const std::int32_t n = std::bit_cast<std::int32_t>(shifted) - 0x4b400000;
  const float f = x - (shifted - 12582912.0f);
  // Chebyshev fit of 2^f on [-1/2, 1/2].
  float p = 0.00134004327f;
  p = p * f + 0.00967603736f;
  p = p * f + 0.0555032715f;
  p = p * f + 0.240221068f;
  p = p * f + 0.693147182f;
  p = p * f + 1.00000012f;
  return p * std::bit_cast<float>((n + 127) << 23);
}

}  // namespace hourglass::fixed_math
