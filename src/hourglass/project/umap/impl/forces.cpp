#include "hourglass/project/umap/impl/forces.h"

#include "hourglass/kernels/impl/cpu/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "hourglass/project/umap/impl/forces.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <string_view>

#include "hourglass/kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Floats>;
using Bits = hn::RebindToUnsigned<Floats>;
using Vector = hn::Vec<Floats>;
using Indices = hn::Vec<Ints>;
using Mask = hn::Mask<Floats>;
constexpr Floats kFloats;
constexpr Ints kInts;
constexpr Bits kBits;
constexpr int kWidth = HWY_LANES(float) < 16 ? HWY_LANES(float) : 16;
static_assert(kForceBlock % kWidth == 0);

constexpr float kMostStep = 4.0f;       // of one force on one coordinate, times the rate
constexpr float kNearest = 1e-3f;       // keeps the push of points at one position finite
constexpr float kLeastSquare = 1e-20f;  // smallest squared distance that is raised to a power

HWY_INLINE Vector all(float x) {
  return hn::Set(kFloats, x);
}
/// Rounds twice on every machine: never fused.
HWY_INLINE Vector times_plus(Vector a, Vector b, Vector c) {
  return hn::Add(hn::Mul(a, b), c);
}

/// log2 x for normal x > 0, within 3e-5.
HWY_INLINE Vector log2(Vector x) {
  // Splits at sqrt(1/2), so that the mantissa is around 1.
  const Indices bits = hn::Sub(hn::BitCast(kInts, x), hn::Set(kInts, 0x3f3504f3));
  const Vector exponent = hn::ConvertTo(kFloats, hn::ShiftRight<23>(bits));
  const Indices mantissa =
      hn::Add(hn::And(bits, hn::Set(kInts, 0x007fffff)), hn::Set(kInts, 0x3f3504f3));
  const Vector f = hn::Sub(hn::BitCast(kFloats, mantissa), all(1.0f));
  // Chebyshev fit of log2(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1].
  Vector p = times_plus(all(0.255666872f), f, all(-0.391123173f));
  p = times_plus(p, f, all(0.485214057f));
  p = times_plus(p, f, all(-0.720541211f));
  p = times_plus(p, f, all(1.44264757f));
  return times_plus(f, p, exponent);
}

/// 2^x for |x| <= 126 (clamped to it), within 1e-4 of itself.
HWY_INLINE Vector exp2(Vector x) {
  x = hn::Min(hn::Max(x, all(-126.0f)), all(126.0f));
  const Vector shift = all(12582912.0f);  // 1.5 * 2^23: the sum's last bits are x rounded
  const Vector shifted = hn::Add(x, shift);
  const Vector f = hn::Sub(x, hn::Sub(shifted, shift));
  // Chebyshev fit of 2^f on [-1/2, 1/2].
  Vector p = times_plus(all(0.0559220356f), f, all(0.242640083f));
  p = times_plus(p, f, all(0.693121034f));
  p = times_plus(p, f, all(0.999924481f));
  // The shifted number's low bits, moved to the exponent's bits, multiply by 2^n.
  return hn::BitCast(
      kFloats, hn::Add(hn::BitCast(kInts, p), hn::ShiftLeft<23>(hn::BitCast(kInts, shifted))));
}

struct Constants {
  Vector a, b, pull, push, rate, n, farthest;
};

/// Works on several vectors of vertices in turn, so that the latency of one hides behind the
/// others.
template <int Dims>
struct Moving {
  const Field& field;
  ForceBlock& block;
  Constants c;

  std::int64_t dims() const { return Dims > 0 ? Dims : field.dims; }

  template <bool pulls>
  HWY_INLINE void force(int lane, Indices others, Mask active) const {
    constexpr int kRoom = Dims > 0 ? Dims : kMostMapDims;
    Vector difference[kRoom];
    Vector square = hn::Zero(kFloats);
    const Indices row = hn::Mul(others, hn::Set(kInts, static_cast<std::int32_t>(dims())));
    for (std::int64_t d = 0; d < dims(); ++d) {
      const Vector other = hn::GatherIndex(kFloats, field.positions + d, row);
      difference[d] = hn::Sub(hn::Load(kFloats, block.own + d * kForceBlock + lane), other);
      square = times_plus(difference[d], difference[d], square);
    }
    const Vector power = exp2(hn::Mul(c.b, log2(hn::Max(square, all(kLeastSquare)))));
    const Vector curve = times_plus(c.a, power, all(1.0f));
    const Vector coefficient =
        pulls ? hn::Max(hn::Div(hn::Mul(c.pull, power),
                                hn::Mul(hn::Max(square, all(kLeastSquare)), curve)),
                        c.farthest)
              : hn::Div(c.push, hn::Mul(hn::Add(square, all(kNearest)), curve));
    for (std::int64_t d = 0; d < dims(); ++d) {
      float* own = block.own + d * kForceBlock + lane;
      const Vector step =
          hn::Min(hn::Max(hn::Mul(coefficient, difference[d]), all(-kMostStep)), all(kMostStep));
      const Vector moved = times_plus(step, c.rate, hn::Load(kFloats, own));
      hn::Store(hn::IfThenElse(active, moved, hn::Load(kFloats, own)), kFloats, own);
    }
  }

  HWY_INLINE Mask due(int lane, std::int32_t edge) const {
    const Indices count = hn::Load(kInts, block.count + lane);
    return hn::RebindMask(kFloats, hn::Lt(hn::Set(kInts, edge), count));
  }

  /// Applies the pull of edge number `edge` of each lane.
  HWY_INLINE void pull(int lane, std::int32_t edge) const {
    const Indices count = hn::Load(kInts, block.count + lane);
    const Indices last = hn::Max(hn::Sub(count, hn::Set(kInts, 1)), hn::Zero(kInts));
    const Indices index =
        hn::Add(hn::Load(kInts, block.first + lane), hn::Min(last, hn::Set(kInts, edge)));
    force<true>(lane, hn::GatherIndex(kInts, block.targets, index), due(lane, edge));
  }

  HWY_INLINE void push(int lane, std::int32_t edge) const {
    auto random = hn::Load(kBits, block.random + lane);
    random = hn::Xor(random, hn::ShiftLeft<13>(random));
    random = hn::Xor(random, hn::ShiftRight<17>(random));
    random = hn::Xor(random, hn::ShiftLeft<5>(random));
    hn::Store(random, kBits, block.random + lane);
    // 24 bits in [0, 1), times n: below n after rounding, as n <= 2^24.
    const Vector share = hn::ConvertTo(kFloats, hn::BitCast(kInts, hn::ShiftRight<8>(random)));
    force<false>(lane, hn::ConvertTo(kInts, hn::Mul(share, c.n)), due(lane, edge));
  }

  void move() const {
    const std::int32_t most = *std::max_element(block.count, block.count + kForceBlock);
    const int vectors = (block.used + kWidth - 1) / kWidth;
    for (std::int32_t edge = 0; edge < most; ++edge) {
      for (int v = 0; v < vectors; ++v) pull(v * kWidth, edge);
      for (int drawn = 0; drawn < field.negative_samples; ++drawn) {
        for (int v = 0; v < vectors; ++v) push(v * kWidth, edge);
      }
    }
  }
};

}  // namespace

void apply_forces(const Field& f, ForceBlock& block) {
  const auto a = static_cast<float>(f.curve.a), b = static_cast<float>(f.curve.b);
  const Constants constants{all(a),
                            all(b),
                            all(-2 * a * b * f.pull),
                            all(2 * b * f.repulsion_strength),
                            all(f.rate),
                            all(static_cast<float>(f.n) * 0x1p-24f),
                            all(-kFarthestPull / f.rate)};
  if (f.dims == 2) {
    Moving<2>{f, block, constants}.move();
  } else {
    Moving<0>{f, block, constants}.move();
  }
}

std::int32_t list_due(std::int32_t* due, const std::int32_t* targets, const float* share,
                      std::int64_t begin, std::int64_t end, float before, float now) {
  const Vector last = all(before), current = all(now);
  std::int32_t count = 0;
  // The lanes of the vector at edge e that are not below `first`.
  const auto list = [&](std::int64_t e, std::int64_t first) {
    const Vector shares = hn::LoadU(kFloats, share + e);
    const auto due_now = hn::Gt(hn::ConvertTo(kInts, hn::Mul(shares, current)),
                                hn::ConvertTo(kInts, hn::Mul(shares, last)));
    const auto listed = hn::AndNot(hn::FirstN(kInts, static_cast<std::size_t>(first - e)), due_now);
    hn::StoreU(hn::Compress(hn::LoadU(kInts, targets + e), listed), kInts, due + count);
    count += static_cast<std::int32_t>(hn::CountTrue(kInts, listed));
  };
  std::int64_t e = begin;
  for (; e + kWidth <= end; e += kWidth) list(e, e);
  if (e == end) return count;
  if (end >= kWidth) {
    list(end - kWidth, e);  // the first edges are listed already, or another vertex's
    return count;
  }
  for (; e < end; ++e) {
    due[count] = targets[e];
    const auto reached = static_cast<std::int32_t>(share[e] * now);
    count += reached > static_cast<std::int32_t>(share[e] * before) ? 1 : 0;
  }
  return count;
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hourglass {
namespace {

std::uint64_t mix(std::uint64_t z) {  // of SplitMix64 (Steele, Lea, Flood 2014)
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

struct Functions {
  decltype(&hourglass::apply_forces) apply_forces;
  decltype(&hourglass::list_due) list_due;
};

/// The functions of the kernel set in use.
Functions chosen() {
  [[maybe_unused]] const std::string_view set = kernels().name;
#if HWY_TARGETS & HWY_AVX3
  if (set == "avx512") return {N_AVX3::apply_forces, N_AVX3::list_due};
#endif
#if HWY_TARGETS & HWY_AVX2
  if (set == "avx2") return {N_AVX2::apply_forces, N_AVX2::list_due};
#endif
#if HWY_TARGETS & HWY_SSE4
  if (hwy::SupportedTargets() & HWY_SSE4) return {N_SSE4::apply_forces, N_SSE4::list_due};
#endif
  return {HWY_STATIC_DISPATCH(apply_forces), HWY_STATIC_DISPATCH(list_due)};
}

}  // namespace

std::uint32_t first_random(std::uint64_t seed, std::uint64_t turn) {
  const std::uint64_t z = mix(mix(seed + 0x9e3779b97f4a7c15u) ^ mix(turn + 0x9e3779b97f4a7c15u));
  return std::max(static_cast<std::uint32_t>(z >> 32), 1u);
}

void apply_forces(const Field& field, ForceBlock& block) {
  chosen().apply_forces(field, block);
}

std::int32_t list_due(std::int32_t* due, const std::int32_t* targets, const float* share,
                      std::int64_t begin, std::int64_t end, float before, float now) {
  return chosen().list_due(due, targets, share, begin, end, before, now);
}

}  // namespace hourglass
#endif
