#include <cmath>
#include <vector>

#include "hourglass/kernels/impl/ref/ref.h"

namespace hourglass::ref {
namespace {

/// Calls f(output index, input index, tap) for every pair in a 3 x 3 window.
template <typename F>
void for_each_tap(const ConvShape& s, const F& f) {
  for (std::int64_t oy = 0; oy < s.out_height(); ++oy) {
    for (std::int64_t ox = 0; ox < s.out_width(); ++ox) {
      for (std::int64_t tap = 0; tap < 9; ++tap) {
        const std::int64_t y = oy * s.stride + tap / 3 - 1;
        const std::int64_t x = ox * s.stride + tap % 3 - 1;
        if (y < 0 || y >= s.height || x < 0 || x >= s.width) continue;
        f(oy * s.out_width() + ox, y * s.width + x, tap);
      }
    }
  }
}

struct Moments {
  double mean, scale;
};

Moments moments(const float* in, const NormShape& s, std::int64_t group) {
  const std::int64_t size = s.channels / s.groups;
  double sum = 0, squares = 0;
  const auto each = [&](const auto& f) {
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      for (std::int64_t c = group * size; c < (group + 1) * size; ++c) f(in[p * s.channels + c]);
    }
  };
  const auto n = static_cast<double>(s.pixels * size);
  each([&](double x) { sum += x; });
  each([&](double x) { squares += (x - sum / n) * (x - sum / n); });
  return {sum / n, 1.0 / std::sqrt(squares / n + static_cast<double>(s.epsilon))};
}

}  // namespace

void conv(float* out, const float* in, const float* weights, const float* bias,
          const ConvShape& s) {
  for (std::int64_t o = 0; o < s.out_height() * s.out_width(); ++o) {
    for (std::int64_t j = 0; j < s.out_channels; ++j) {
      out[o * s.out_channels + j] = bias ? bias[j] : 0.0f;
    }
  }
  for_each_tap(s, [&](std::int64_t o, std::int64_t i, std::int64_t tap) {
    for (std::int64_t c = 0; c < s.in_channels; ++c) {
      for (std::int64_t j = 0; j < s.out_channels; ++j) {
        out[o * s.out_channels + j] +=
            in[i * s.in_channels + c] * weights[(tap * s.in_channels + c) * s.out_channels + j];
      }
    }
  });
}

void conv_backward(float* in_gradient, float* weight_gradient, float* bias_gradient,
                   const float* out_gradient, const float* in, const float* weights,
                   const ConvShape& s) {
  for_each_tap(s, [&](std::int64_t o, std::int64_t i, std::int64_t tap) {
    for (std::int64_t c = 0; c < s.in_channels; ++c) {
      for (std::int64_t j = 0; j < s.out_channels; ++j) {
        const std::int64_t w = (tap * s.in_channels + c) * s.out_channels + j;
        const float g = out_gradient[o * s.out_channels + j];
        if (in_gradient) in_gradient[i * s.in_channels + c] += g * weights[w];
        if (weight_gradient) weight_gradient[w] += g * in[i * s.in_channels + c];
      }
    }
  });
  if (!bias_gradient) return;
  for (std::int64_t o = 0; o < s.out_height() * s.out_width(); ++o) {
    for (std::int64_t j = 0; j < s.out_channels; ++j) {
      bias_gradient[j] += out_gradient[o * s.out_channels + j];
    }
  }
}

void upsample(float* out, const float* in, std::int64_t height, std::int64_t width,
              std::int64_t channels) {
  for (std::int64_t y = 0; y < 2 * height; ++y) {
    for (std::int64_t x = 0; x < 2 * width; ++x) {
      for (std::int64_t c = 0; c < channels; ++c) {
        out[(y * 2 * width + x) * channels + c] = in[(y / 2 * width + x / 2) * channels + c];
      }
    }
  }
}

void upsample_backward(float* in_gradient, const float* out_gradient, std::int64_t height,
                       std::int64_t width, std::int64_t channels) {
  for (std::int64_t i = 0; i < height * width * channels; ++i) in_gradient[i] = 0.0f;
  for (std::int64_t y = 0; y < 2 * height; ++y) {
    for (std::int64_t x = 0; x < 2 * width; ++x) {
      for (std::int64_t c = 0; c < channels; ++c) {
        in_gradient[(y / 2 * width + x / 2) * channels + c] +=
            out_gradient[(y * 2 * width + x) * channels + c];
      }
    }
  }
}

void group_norm(float* out, const float* in, const float* gamma, const float* beta,
                const NormShape& s) {
  const std::int64_t size = s.channels / s.groups;
  for (std::int64_t group = 0; group < s.groups; ++group) {
    const auto [mean, scale] = moments(in, s, group);
    for (std::int64_t p = 0; p < s.pixels; ++p) {
      for (std::int64_t c = group * size; c < (group + 1) * size; ++c) {
        const double normal = (in[p * s.channels + c] - mean) * scale;
        out[p * s.channels + c] = static_cast<float>(normal * gamma[c] + beta[c]);
      }
    }
  }
}

void group_norm_backward(float* in_gradient, float* gamma_gradient, float* beta_gradient,
                         const float* out_gradient, const float* in, const float* gamma,
                         const NormShape& s) {
  // With x' = (x - mean) * scale and g the gradient by x', the gradient by x is
  // scale * (g - mean(g) - x' * mean(g * x')), means over the group.
  const std::int64_t size = s.channels / s.groups;
  const auto n = static_cast<double>(s.pixels * size);
  for (std::int64_t group = 0; group < s.groups; ++group) {
    const Moments of_group = moments(in, s, group);
    const double mean = of_group.mean, scale = of_group.scale;
    const auto each = [&](const auto& f) {
      for (std::int64_t c = group * size; c < (group + 1) * size; ++c) {
        for (std::int64_t p = 0; p < s.pixels; ++p) {
          const std::int64_t i = p * s.channels + c;
          f(c, i, (in[i] - mean) * scale);
        }
      }
    };
    double sum = 0, product = 0;
    std::vector<double> gamma_sum(static_cast<std::size_t>(s.channels)), beta_sum(gamma_sum);
    each([&](std::int64_t c, std::int64_t i, double normal) {
      const double g = static_cast<double>(out_gradient[i]);
      sum += g * gamma[c];
      product += g * gamma[c] * normal;
      gamma_sum[static_cast<std::size_t>(c)] += g * normal;
      beta_sum[static_cast<std::size_t>(c)] += g;
    });
    each([&](std::int64_t c, std::int64_t i, double normal) {
      const double g = static_cast<double>(out_gradient[i]) * gamma[c];
      in_gradient[i] = static_cast<float>(scale * (g - sum / n - normal * product / n));
    });
    for (std::int64_t c = group * size; c < (group + 1) * size; ++c) {
      gamma_gradient[c] += static_cast<float>(gamma_sum[static_cast<std::size_t>(c)]);
      beta_gradient[c] += static_cast<float>(beta_sum[static_cast<std::size_t>(c)]);
    }
  }
}

void leaky_relu(float* out, const float* in, float slope, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = in[i] > 0.0f ? in[i] : slope * in[i];
}

void leaky_relu_backward(float* in_gradient, const float* out_gradient, const float* in,
                         float slope, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    in_gradient[i] = in[i] > 0.0f ? out_gradient[i] : slope * out_gradient[i];
  }
}

}  // namespace hourglass::ref
