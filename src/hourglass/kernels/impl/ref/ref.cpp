#include "hourglass/kernels/impl/ref/ref.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hourglass::ref {
namespace {

const float* row(const float* in, const Gather& g, std::int64_t m, std::int64_t t) {
  return in + g.row_offset[m] + g.tap_offset[t];
}

void product(const Product& a) {
  for (std::int64_t m = 0; m < a.gather.rows; ++m) {
    for (std::int64_t j = 0; j < a.columns; ++j) {
      double sum = a.bias ? static_cast<double>(a.bias[j]) : 0.0;
      for (std::int64_t t = 0; t < a.gather.taps; ++t) {
        for (std::int64_t c = 0; c < a.gather.channels; ++c) {
          const float weight = a.weights[(t * a.gather.channels + c) * a.columns + j];
          sum += static_cast<double>(row(a.in, a.gather, m, t)[c]) * static_cast<double>(weight);
        }
      }
      a.out[a.out_offset[m] + j] = static_cast<float>(sum);
    }
  }
}

void gram(const Gram& a) {
  std::vector<double> sums(static_cast<std::size_t>(a.columns));
  for (std::int64_t t = 0; t < a.gather.taps; ++t) {
    for (std::int64_t c = 0; c < a.gather.channels; ++c) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (std::int64_t m = 0; m < a.gather.rows; ++m) {
        const auto left = static_cast<double>(row(a.in, a.gather, m, t)[c]);
        for (std::int64_t j = 0; j < a.columns; ++j) {
          const float right = a.right[a.right_offset[m] + j];
          sums[static_cast<std::size_t>(j)] += left * static_cast<double>(right);
        }
      }
      float* out = a.out + (t * a.gather.channels + c) * a.columns;
      for (std::int64_t j = 0; j < a.columns; ++j) {
        out[j] += static_cast<float>(sums[static_cast<std::size_t>(j)]);
      }
    }
  }
}

void norm_forward(const NormForward& a) {
  const NormShape& s = a.shape;
  const std::int64_t size = s.channels / s.groups;
  for (std::int64_t c = 0; c < s.channels; ++c) {
    const std::int64_t first = c / size * size;
    double sum = 0, squares = 0;
    const auto each = [&](const auto& f) {
      for (std::int64_t p = 0; p < s.pixels; ++p) {
        for (std::int64_t k = first; k < first + size; ++k) f(a.in[p * s.channels + k]);
      }
    };
    const auto n = static_cast<double>(s.pixels * size);
    each([&](double x) { sum += x; });
    each([&](double x) { squares += (x - sum / n) * (x - sum / n); });
    a.mean[c] = static_cast<float>(sum / n);
    a.scale[c] = static_cast<float>(1.0 / std::sqrt(squares / n + static_cast<double>(s.epsilon)));
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      const float normal = (a.in[p * s.channels + c] - a.mean[c]) * a.scale[c];
      const float x = normal * a.gamma[c] + a.beta[c];
      a.out[a.out_offset[p] + c] = x > 0.0f ? x : s.slope * x;
    }
  }
}

void norm_backward(const NormBackward& a) {
  const NormShape& s = a.shape;
  const auto count = static_cast<std::size_t>(s.pixels * s.channels);
  std::vector<float> before(count), gradient(count), normed(count);
  group_norm(before.data(), a.in, a.gamma, a.beta, s);
  leaky_relu_backward(gradient.data(), a.out_gradient, before.data(), s.slope,
                      s.pixels * s.channels);
  group_norm_backward(normed.data(), a.gamma_gradient, a.beta_gradient, gradient.data(), a.in,
                      a.gamma, s);
  for (std::int64_t p = 0; p < s.pixels; ++p) {
    for (std::int64_t c = 0; c < s.channels; ++c) {
      a.in_gradient[a.in_gradient_offset[p] + c] =
          normed[static_cast<std::size_t>(p * s.channels + c)];
    }
  }
}

void sigmoid(float* values, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) values[i] = 1.0f / (1.0f + std::exp(-values[i]));
}

double sigmoid_loss(const SigmoidLoss& a) {
  sigmoid(a.out, a.n);
  double sum = 0;
  for (std::int64_t i = 0; i < a.n; ++i) {
    const float y = a.out[i], difference = y - a.target[i];
    sum += static_cast<double>(difference) * static_cast<double>(difference);
    a.gradient[i] = a.gradient_scale * difference * (y * (1.0f - y));
  }
  return sum;
}

void adam(const AdamStep& a) {
  for (std::int64_t i = 0; i < a.n; ++i) {
    a.m[i] = a.beta1 * a.m[i] + a.rest1 * a.gradient[i];
    a.v[i] = a.beta2 * a.v[i] + a.rest2 * a.gradient[i] * a.gradient[i];
    a.weight[i] -= a.step_size * a.m[i] / (std::sqrt(a.v[i]) / a.root_correction + a.epsilon);
  }
}

void sum_parts(float* out, const float* parts, std::int64_t count, std::int64_t stride,
               std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    float sum = parts[i];
    for (std::int64_t l = 1; l < count; ++l) sum += parts[l * stride + i];
    out[i] = sum;
  }
}

void column_sums(float* out, const float* in, const std::int32_t* offset, std::int64_t rows,
                 std::int64_t columns) {
  for (std::int64_t m = 0; m < rows; ++m) {
    for (std::int64_t j = 0; j < columns; ++j) out[j] += in[offset[m] + j];
  }
}

}  // namespace

const Kernels& kernels() {
  static const Kernels set{"ref",        product, gram,      norm_forward, norm_backward, sigmoid,
                           sigmoid_loss, adam,    sum_parts, column_sums,  near_kernels()};
  return set;
}

}  // namespace hourglass::ref
