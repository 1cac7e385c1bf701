// Four floats at once, and their logarithms and powers with the same bits on every machine. Not
// libm: about six digits, enough for the steps of a random descent, and no branches.
#pragma once

#include <bit>
#include <cstdint>

namespace hourglass::lanes {

// The vector types that g++ and clang share: one instruction where the machine has it, the same
// four roundings where it has not.
using Float4 = float __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));

inline Float4 all(float x) {
  return Float4{x, x, x, x};
}
inline Int4 all(std::int32_t x) {
  return Int4{x, x, x, x};
}
inline Float4 min(Float4 a, Float4 b) {
  return a < b ? a : b;
}
inline Float4 max(Float4 a, Float4 b) {
  return a > b ? a : b;
}
inline float sum(Float4 x) {
  return (x[0] + x[2]) + (x[1] + x[3]);
}

/// log2 x for normal x > 0, within 1e-6 absolute (and rounding).
inline Float4 log2(Float4 x) {
  // Taken apart at sqrt(1/2), so that the mantissa lies around 1.
  const Int4 bits = std::bit_cast<Int4>(x) - all(0x3f3504f3);
  const Float4 exponent = __builtin_convertvector(bits >> 23, Float4);
  const Float4 f = std::bit_cast<Float4>((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  // Chebyshev fit of log2(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1].
  Float4 p = all(0.172128737f);
  p = p * f - 0.269506276f;
  p = p * f + 0.295633614f;
  p = p * f - 0.359350652f;
  p = p * f + 0.480629146f;
  p = p * f - 0.721364021f;
  p = p * f + 1.44269645f;
  return exponent + f * p;
}

/// 2^x for |x| <= 126 (clamped to it), within 1e-6 relative.
inline Float4 exp2(Float4 x) {
  x = min(max(x, all(-126.0f)), all(126.0f));
  const Float4 shifted = x + 12582912.0f;  // 1.5 * 2^23: the sum's last bits are x rounded
  const Int4 n = std::bit_cast<Int4>(shifted) - 0x4b400000;
  const Float4 f = x - (shifted - 12582912.0f);
  // Chebyshev fit of 2^f on [-1/2, 1/2].
  Float4 p = all(0.00134004327f);
  p = p * f + 0.00967603736f;
  p = p * f + 0.0555032715f;
  p = p * f + 0.240221068f;
  p = p * f + 0.693147182f;
  p = p * f + 1.00000012f;
  return p * std::bit_cast<Float4>((n + 127) << 23);
}

}  // namespace hourglass::lanes
