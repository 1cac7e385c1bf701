// GroupNorm with LeakyReLU, forward and backward, for one Highway target. Included once for each
// target.
#if defined(HOURGLASS_KERNELS_CPU_NORM_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HOURGLASS_KERNELS_CPU_NORM_INL_H
#undef HOURGLASS_KERNELS_CPU_NORM_INL_H
#else
#define HOURGLASS_KERNELS_CPU_NORM_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "hourglass/kernels/impl/cpu/product-inl.h"
#include "hourglass/kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {

/// Replaces each channel's mean by the mean of its group, adding channels in order.
HWY_INLINE void group_means(float* values, const NormShape& s) {
  const std::int64_t size = s.channels / s.groups;
  if (size == 1) return;
  for (std::int64_t first = 0; first < s.channels; first += size) {
    float sum = 0.0f;
    for (std::int64_t c = first; c < first + size; ++c) sum += values[c];
    for (std::int64_t c = first; c < first + size; ++c) values[c] = sum / static_cast<float>(size);
  }
}

/// Calls add(p) for every pixel and flush() after every few: sums in two levels, as in products.
template <typename Add, typename Flush>
HWY_INLINE void for_each_pixel(std::int64_t pixels, const Add& add, const Flush& flush) {
  constexpr std::int64_t kPiecePixels = 16;
  for (std::int64_t begin = 0; begin < pixels; begin += kPiecePixels) {
    const std::int64_t end = std::min(begin + kPiecePixels, pixels);
    for (std::int64_t p = begin; p < end; ++p) add(p);
    flush();
  }
}

HWY_INLINE Vector leaky(Vector x, Vector slope) {
  return hn::IfThenElse(hn::Gt(x, hn::Zero(kFloats)), x, hn::Mul(slope, x));
}

void norm_forward(const NormForward& a) {
  const NormShape& s = a.shape;
  const std::int64_t channels = s.channels;
  const Vector count = hn::Set(kFloats, static_cast<float>(s.pixels));
  for (std::int64_t c = 0; c < channels; c += kWidth) {
    // Relative to the first pixel: most of an image is often uniform background, so the terms are
    // small.
    const Vector origin = hn::LoadU(kFloats, a.in + c);
    Vector sum = hn::Zero(kFloats), piece = sum;
    for_each_pixel(
        s.pixels,
        [&](std::int64_t p) {
          piece = hn::Add(piece, hn::Sub(hn::LoadU(kFloats, a.in + p * channels + c), origin));
        },
        [&] {
          sum = hn::Add(sum, piece);
          piece = hn::Zero(kFloats);
        });
    hn::StoreU(hn::Add(origin, hn::Div(sum, count)), kFloats, a.mean + c);
  }
  group_means(a.mean, s);
  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    Vector squares = hn::Zero(kFloats), piece = squares;
    for_each_pixel(
        s.pixels,
        [&](std::int64_t p) {
          const Vector centred = hn::Sub(hn::LoadU(kFloats, a.in + p * channels + c), mean);
          piece = hn::MulAdd(centred, centred, piece);
        },
        [&] {
          squares = hn::Add(squares, piece);
          piece = hn::Zero(kFloats);
        });
    hn::StoreU(hn::Div(squares, count), kFloats, a.scale + c);
  }
  group_means(a.scale, s);
  for (std::int64_t c = 0; c < channels; ++c) {
    a.scale[c] = 1.0f / std::sqrt(a.scale[c] + s.epsilon);
  }
  const Vector slope = hn::Set(kFloats, s.slope);
  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    const Vector scale = hn::LoadU(kFloats, a.scale + c);
    const Vector gamma = hn::LoadU(kFloats, a.gamma + c);
    const Vector beta = hn::LoadU(kFloats, a.beta + c);
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      const Vector x = hn::LoadU(kFloats, a.in + p * channels + c);
      const Vector normal = hn::Mul(hn::Sub(x, mean), scale);
      hn::StoreU(leaky(hn::MulAdd(normal, gamma, beta), slope), kFloats,
                 a.out + a.out_offset[p] + c);
    }
  }
}

void norm_backward(const NormBackward& a) {
  // As ref::group_norm_backward, with the gradient of LeakyReLU included.
  const NormShape& s = a.shape;
  const std::int64_t channels = s.channels;
  const Vector slope = hn::Set(kFloats, s.slope);
  const Vector zero = hn::Zero(kFloats);
  const Vector count = hn::Set(kFloats, static_cast<float>(s.pixels));
  HWY_ALIGN float gradient_mean[kMaxChannels];
  HWY_ALIGN float product_mean[kMaxChannels];

  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    const Vector scale = hn::LoadU(kFloats, a.scale + c);
    const Vector gamma = hn::LoadU(kFloats, a.gamma + c);
    const Vector beta = hn::LoadU(kFloats, a.beta + c);
    Vector sum = zero, product = zero, sum_piece = zero, product_piece = zero;
    for_each_pixel(
        s.pixels,
        [&](std::int64_t p) {
          const std::int64_t i = p * channels + c;
          const Vector normal = hn::Mul(hn::Sub(hn::LoadU(kFloats, a.in + i), mean), scale);
          const Vector above = hn::LoadU(kFloats, a.out_gradient + i);
          const Vector g = hn::IfThenElse(hn::Gt(hn::MulAdd(normal, gamma, beta), zero), above,
                                          hn::Mul(slope, above));
          sum_piece = hn::Add(sum_piece, g);
          product_piece = hn::MulAdd(g, normal, product_piece);
        },
        [&] {
          sum = hn::Add(sum, sum_piece);
          product = hn::Add(product, product_piece);
          sum_piece = product_piece = hn::Zero(kFloats);
        });
    float* beta_gradient = a.beta_gradient + c;
    float* gamma_gradient = a.gamma_gradient + c;
    hn::StoreU(hn::Add(hn::LoadU(kFloats, beta_gradient), sum), kFloats, beta_gradient);
    hn::StoreU(hn::Add(hn::LoadU(kFloats, gamma_gradient), product), kFloats, gamma_gradient);
    hn::Store(hn::Div(hn::Mul(sum, gamma), count), kFloats, gradient_mean + c);
    hn::Store(hn::Div(hn::Mul(product, gamma), count), kFloats, product_mean + c);
  }
  group_means(gradient_mean, s);
  group_means(product_mean, s);

  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    const Vector scale = hn::LoadU(kFloats, a.scale + c);
    const Vector gamma = hn::LoadU(kFloats, a.gamma + c);
    const Vector beta = hn::LoadU(kFloats, a.beta + c);
    const Vector sum = hn::Load(kFloats, gradient_mean + c);
    const Vector product = hn::Load(kFloats, product_mean + c);
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      const std::int64_t i = p * channels + c;
      const Vector normal = hn::Mul(hn::Sub(hn::LoadU(kFloats, a.in + i), mean), scale);
      const Vector above = hn::LoadU(kFloats, a.out_gradient + i);
      const Vector g = hn::IfThenElse(hn::Gt(hn::MulAdd(normal, gamma, beta), zero), above,
                                      hn::Mul(slope, above));
      const Vector rest = hn::NegMulAdd(normal, product, hn::MulSub(g, gamma, sum));
      hn::StoreU(hn::Mul(scale, rest), kFloats, a.in_gradient + a.in_gradient_offset[p] + c);
    }
  }
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
