// GroupNorm with LeakyReLU, forward and backward, for one Highway target. Included once for each
// target.
#if defined(HOURGLASS_KERNELS_CPU_NORM_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HOURGLASS_KERNELS_CPU_NORM_INL_H
#undef HOURGLASS_KERNELS_CPU_NORM_INL_H
#else
#define HOURGLASS_KERNELS_CPU_NORM_INL_H
#endif

#include <hwy/highway.h>

#include <cmath>

#include "kernels/cpu/product-inl.h"
#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {

/// Replaces each channel's sum by the mean over its group, channels in order.
HWY_INLINE void group_means(float* values, const NormShape& s) {
  const std::int64_t size = s.channels / s.groups;
  const auto count = static_cast<float>(s.pixels * size);
  for (std::int64_t first = 0; first < s.channels; first += size) {
    float sum = 0.0f;
    for (std::int64_t c = first; c < first + size; ++c) sum += values[c];
    for (std::int64_t c = first; c < first + size; ++c) values[c] = sum / count;
  }
}

HWY_INLINE Vector leaky(Vector x, Vector slope) {
  return hn::IfThenElse(hn::Gt(x, hn::Zero(kFloats)), x, hn::Mul(slope, x));
}

void norm_forward(const NormForward& a) {
  const NormShape& s = a.shape;
  const std::int64_t channels = s.channels;
  for (std::int64_t c = 0; c < channels; c += kWidth) {
    Vector sum = hn::Zero(kFloats);
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      sum = hn::Add(sum, hn::LoadU(kFloats, a.in + p * channels + c));
    }
    hn::StoreU(sum, kFloats, a.mean + c);
  }
  group_means(a.mean, s);
  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    Vector squares = hn::Zero(kFloats);
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      const Vector centred = hn::Sub(hn::LoadU(kFloats, a.in + p * channels + c), mean);
      squares = hn::MulAdd(centred, centred, squares);
    }
    hn::StoreU(squares, kFloats, a.scale + c);
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
  // As ref::group_norm_backward, with the LeakyReLU's slope taken into the gradient on the way.
  const NormShape& s = a.shape;
  const std::int64_t channels = s.channels;
  const Vector slope = hn::Set(kFloats, s.slope);
  const Vector zero = hn::Zero(kFloats);
  HWY_ALIGN float gradient_mean[kMaxChannels];
  HWY_ALIGN float product_mean[kMaxChannels];

  for (std::int64_t c = 0; c < channels; c += kWidth) {
    const Vector mean = hn::LoadU(kFloats, a.mean + c);
    const Vector scale = hn::LoadU(kFloats, a.scale + c);
    const Vector gamma = hn::LoadU(kFloats, a.gamma + c);
    const Vector beta = hn::LoadU(kFloats, a.beta + c);
    Vector sum = zero, product = zero;
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      const std::int64_t i = p * channels + c;
      const Vector normal = hn::Mul(hn::Sub(hn::LoadU(kFloats, a.in + i), mean), scale);
      const Vector above = hn::LoadU(kFloats, a.out_gradient + i);
      const Vector g = hn::IfThenElse(hn::Gt(hn::MulAdd(normal, gamma, beta), zero), above,
                                      hn::Mul(slope, above));
      sum = hn::Add(sum, g);
      product = hn::MulAdd(g, normal, product);
    }
    float* beta_gradient = a.beta_gradient + c;
    float* gamma_gradient = a.gamma_gradient + c;
    hn::StoreU(hn::Add(hn::LoadU(kFloats, beta_gradient), sum), kFloats, beta_gradient);
    hn::StoreU(hn::Add(hn::LoadU(kFloats, gamma_gradient), product), kFloats, gamma_gradient);
    hn::Store(hn::Mul(sum, gamma), kFloats, gradient_mean + c);
    hn::Store(hn::Mul(product, gamma), kFloats, product_mean + c);
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
