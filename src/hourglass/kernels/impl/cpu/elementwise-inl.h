// Sigmoid with the squared error, Adam, and sums over parts and columns, for one Highway target.
#if defined(HOURGLASS_KERNELS_CPU_ELEMENTWISE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HOURGLASS_KERNELS_CPU_ELEMENTWISE_INL_H
#undef HOURGLASS_KERNELS_CPU_ELEMENTWISE_INL_H
#else
#define HOURGLASS_KERNELS_CPU_ELEMENTWISE_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "hourglass/kernels/impl/cpu/product-inl.h"
#include "hourglass/kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace hourglass::HWY_NAMESPACE {

HWY_INLINE Vector logistic(Vector x) {
  // exp overflows above 88, where the sigmoid is below the smallest float.
  const Vector bounded = hn::Min(hn::Neg(x), hn::Set(kFloats, 87.0f));
  const Vector one = hn::Set(kFloats, 1.0f);
  const Vector y = hn::Div(one, hn::Add(one, hn::Exp(kFloats, bounded)));
  // Min and Exp lose NaN, which must reach the loss: the loss stops the training.
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

void sigmoid(float* values, std::int64_t n) {
  for (std::int64_t i = 0; i < n; i += kWidth) {
    hn::StoreU(logistic(hn::LoadU(kFloats, values + i)), kFloats, values + i);
  }
}

double sigmoid_loss(const SigmoidLoss& a) {
  // kVectorFloats running sums for any vector width, added in order at the end.
  constexpr std::int64_t kParts = kVectorFloats / kWidth;
  Vector sum[kParts];
  for (auto& part : sum) part = hn::Zero(kFloats);
  const Vector one = hn::Set(kFloats, 1.0f);
  const Vector gradient_scale = hn::Set(kFloats, a.gradient_scale);
  for (std::int64_t i = 0; i < a.n; i += kVectorFloats) {
    for (std::int64_t part = 0; part < kParts; ++part) {
      const std::int64_t j = i + part * kWidth;
      const Vector y = logistic(hn::LoadU(kFloats, a.out + j));
      const Vector difference = hn::Sub(y, hn::LoadU(kFloats, a.target + j));
      sum[part] = hn::MulAdd(difference, difference, sum[part]);
      hn::StoreU(y, kFloats, a.out + j);
      const Vector slope = hn::Mul(y, hn::Sub(one, y));
      hn::StoreU(hn::Mul(hn::Mul(gradient_scale, difference), slope), kFloats, a.gradient + j);
    }
  }
  HWY_ALIGN float lanes[kVectorFloats];
  for (std::int64_t part = 0; part < kParts; ++part) {
    hn::Store(sum[part], kFloats, lanes + part * kWidth);
  }
  double total = 0;
  for (const float lane : lanes) total += static_cast<double>(lane);
  return total;
}

void adam(const AdamStep& a) {
  const Vector beta1 = hn::Set(kFloats, a.beta1), rest1 = hn::Set(kFloats, a.rest1);
  const Vector beta2 = hn::Set(kFloats, a.beta2), rest2 = hn::Set(kFloats, a.rest2);
  const Vector step = hn::Set(kFloats, a.step_size), epsilon = hn::Set(kFloats, a.epsilon);
  const Vector correction = hn::Set(kFloats, a.root_correction);
  for (std::int64_t i = 0; i < a.n; i += kWidth) {
    const Vector g = hn::LoadU(kFloats, a.gradient + i);
    const Vector m = hn::MulAdd(beta1, hn::LoadU(kFloats, a.m + i), hn::Mul(rest1, g));
    const Vector v = hn::MulAdd(beta2, hn::LoadU(kFloats, a.v + i), hn::Mul(hn::Mul(rest2, g), g));
    const Vector root = hn::Add(hn::Div(hn::Sqrt(v), correction), epsilon);
    const Vector weight = hn::LoadU(kFloats, a.weight + i);
    hn::StoreU(m, kFloats, a.m + i);
    hn::StoreU(v, kFloats, a.v + i);
    hn::StoreU(hn::Sub(weight, hn::Div(hn::Mul(step, m), root)), kFloats, a.weight + i);
  }
}

void sum_parts(float* out, const float* parts, std::int64_t count, std::int64_t stride,
               std::int64_t n) {
  for (std::int64_t i = 0; i < n; i += kWidth) {
    Vector sum = hn::LoadU(kFloats, parts + i);
    for (std::int64_t l = 1; l < count; ++l) {
      sum = hn::Add(sum, hn::LoadU(kFloats, parts + l * stride + i));
    }
    hn::StoreU(sum, kFloats, out + i);
  }
}

void column_sums(float* out, const float* in, const std::int32_t* offset, std::int64_t rows,
                 std::int64_t columns) {
  for (std::int64_t j = 0; j < columns; j += kWidth) {
    Vector sum = hn::LoadU(kFloats, out + j);
    for (std::int64_t m = 0; m < rows; ++m) {
      sum = hn::Add(sum, hn::LoadU(kFloats, in + offset[m] + j));
    }
    hn::StoreU(sum, kFloats, out + j);
  }
}

}  // namespace hourglass::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
