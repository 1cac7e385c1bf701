#include "hourglass/measure/ssim.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace hourglass {
namespace {

constexpr int kWindow = static_cast<int>(kSsimWindow);
constexpr int kRadius = kWindow / 2;
constexpr double kSigma = 1.5;
constexpr double kC1 = 0.01 * 0.01;  // (K1 L)^2 with range L = 1
constexpr double kC2 = 0.03 * 0.03;

std::array<double, kWindow> gaussian() {
  std::array<double, kWindow> weights{};
  double sum = 0;
  for (int i = 0; i < kWindow; ++i) {
    const double x = i - kRadius;
    // libm's exp may differ in the last bit between machines: the score then changes by 1e-16.
    weights[static_cast<std::size_t>(i)] = std::exp(-0.5 * x * x / (kSigma * kSigma));
    sum += weights[static_cast<std::size_t>(i)];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

/// The five windowed means in the formula, at one position of the window.
struct Moments {
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  void add(double weight, const Moments& m) {
    a += weight * m.a;
    b += weight * m.b;
    aa += weight * m.aa;
    bb += weight * m.bb;
    ab += weight * m.ab;
  }
};

/// Equation 13 of the paper.
double similarity(const Moments& m) {
  const double variance_a = m.aa - m.a * m.a;
  const double variance_b = m.bb - m.b * m.b;
  const double covariance = m.ab - m.a * m.b;
  return (2 * m.a * m.b + kC1) * (2 * covariance + kC2) /
         ((m.a * m.a + m.b * m.b + kC1) * (variance_a + variance_b + kC2));
}

}  // namespace

double ssim(const float* a, const float* b, const ImageShape& shape) {
  if (shape.height < kWindow || shape.width < kWindow) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  static const std::array<double, kWindow> weights = gaussian();
  const std::int64_t inner_width = shape.width - 2 * kRadius;
  const std::int64_t inner_height = shape.height - 2 * kRadius;
  std::vector<Moments> across(static_cast<std::size_t>(shape.height * inner_width));
  double total = 0;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    // The window is a product of two: first along the rows, then down the columns.
    for (std::int64_t y = 0; y < shape.height; ++y) {
      for (std::int64_t x = 0; x < inner_width; ++x) {
        Moments sum;
        for (std::int64_t t = 0; t < kWindow; ++t) {
          const std::int64_t index = (y * shape.width + x + t) * shape.channels + channel;
          const double va = static_cast<double>(a[index]), vb = static_cast<double>(b[index]);
          sum.add(weights[static_cast<std::size_t>(t)], {va, vb, va * va, vb * vb, va * vb});
        }
        across[static_cast<std::size_t>(y * inner_width + x)] = sum;
      }
    }
    for (std::int64_t y = 0; y < inner_height; ++y) {
      for (std::int64_t x = 0; x < inner_width; ++x) {
        Moments sum;
        for (std::int64_t t = 0; t < kWindow; ++t) {
          sum.add(weights[static_cast<std::size_t>(t)],
                  across[static_cast<std::size_t>((y + t) * inner_width + x)]);
        }
        total += similarity(sum);
      }
    }
  }
  return total / static_cast<double>(inner_width * inner_height * shape.channels);
}

}  // namespace hourglass
