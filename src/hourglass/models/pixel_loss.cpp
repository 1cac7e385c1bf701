#include "hourglass/models/pixel_loss.h"

#include <algorithm>
#include <array>

#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

using Vector = std::array<float, kVectorFloats>;

std::int64_t whole_vectors(std::int64_t n) {
  return n / kVectorFloats * kVectorFloats;
}

}  // namespace

double sigmoid_squared_error(float* out, float* gradient, const float* target, std::int64_t n,
                             float scale) {
  const std::int64_t whole = whole_vectors(n), rest = n - whole;
  double sum = kernels().sigmoid_loss({out, gradient, target, whole, scale});
  if (rest == 0) return sum;
  // The padding has logits of 0 and targets of sigmoid(0), so that it adds nothing.
  Vector logits{}, slopes{}, targets;
  targets.fill(0.5f);
  std::copy_n(out + whole, rest, logits.begin());
  std::copy_n(target + whole, rest, targets.begin());
  sum +=
      kernels().sigmoid_loss({logits.data(), slopes.data(), targets.data(), kVectorFloats, scale});
  std::copy_n(logits.begin(), rest, out + whole);
  std::copy_n(slopes.begin(), rest, gradient + whole);
  return sum;
}

void sigmoid_values(float* values, std::int64_t n) {
  const std::int64_t whole = whole_vectors(n);
  kernels().sigmoid(values, whole);
  if (whole == n) return;
  Vector rest{};
  std::copy_n(values + whole, n - whole, rest.begin());
  kernels().sigmoid(rest.data(), kVectorFloats);
  std::copy_n(rest.begin(), n - whole, values + whole);
}

}  // namespace hourglass
