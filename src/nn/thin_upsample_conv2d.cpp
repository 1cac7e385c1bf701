#include <algorithm>
#include <array>
#include <cassert>

#include "nn/phases.h"
#include "nn/upsample_conv2d.h"

namespace hourglass {
namespace {
constexpr std::int32_t kOneTap[] = {0};

/// Share n = (phase, tap) of small pixel (y, x) goes to output (2y + row, 2x + column), where there
/// is one.
struct Reach {
  std::int64_t row, column;
};
constexpr std::array<Reach, 16> kReach = [] {
  std::array<Reach, 16> reach{};
  for (int n = 0; n < 16; ++n) {
    const int phase_y = n / 8, phase_x = n / 4 % 2, tap_y = n / 2 % 2, tap_x = n % 2;
    reach[static_cast<std::size_t>(n)] = {2 * (1 - phase_y - tap_y) + phase_y,
                                          2 * (1 - phase_x - tap_x) + phase_x};
  }
  return reach;
}();

}  // namespace

ThinUpsampleConv2d::ThinUpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in,
                                       std::int64_t out_channels)
    : in_(in), out_{2 * in.height, 2 * in.width, out_channels} {
  assert(in.channels % kLanes == 0);
  const std::int64_t c_in = in.channels;
  const Initialiser uniform = fan_in_uniform(9 * c_in);
  const auto same = [](std::int64_t i) { return i; };
  weight_ = plan.parameters.add(name + ".weight", {out_channels, c_in, 3, 3}, uniform,
                                out_channels * c_in * 9, same);
  bias_ = plan.parameters.add(name + ".bias", {out_channels}, uniform, out_channels, same);
  shares_ = plan.derived.add(c_in * share_columns());
  transposed_ = plan.derived.add(c_in * share_columns());
  share_gradient_ = plan.gradients.add(c_in * share_columns());
  bias_gradient_ = plan.gradients.add(out_channels);

  const Extent shares{in.height, in.width, share_columns()};
  in_offset_ = plain_offsets(plan.chunk, in);
  share_offset_ = bordered_offsets(plan.chunk, shares);
  share_gradient_offset_ = plain_offsets(plan.chunk, shares);
}

void ThinUpsampleConv2d::prepare(float* derived, const float* parameters) const {
  const std::int64_t c_in = in_.channels, c_out = out_.channels, columns = share_columns();
  float* shares = derived + shares_;
  float* transposed = derived + transposed_;
  std::fill_n(shares, c_in * columns, 0.0f);
  for_each_phase_weight([&](int phase, int tap, int weight) {
    for (std::int64_t c = 0; c < c_in; ++c) {
      for (std::int64_t j = 0; j < c_out; ++j) {
        shares[c * columns + (phase * 4 + tap) * c_out + j] +=
            parameters[weight_ + (j * c_in + c) * 9 + weight];
      }
    }
  });
  for (std::int64_t n = 0; n < columns; ++n) {
    for (std::int64_t c = 0; c < c_in; ++c) transposed[n * c_in + c] = shares[c * columns + n];
  }
}

void ThinUpsampleConv2d::forward(float* out, float* shares, const float* in,
                                 const float* parameters, const float* derived,
                                 std::int64_t images) const {
  const Gather rows{in_offset_.data(), images * in_.pixels(), kOneTap, 1, in_.channels};
  kernels().product(
      {shares, share_offset_.data(), in, rows, derived + shares_, nullptr, share_columns()});
  const std::int64_t c_out = out_.channels, columns = share_columns();
  const std::int64_t row = in_.bordered().width * columns;
  for (std::int64_t i = 0; i < images; ++i) {
    for (std::int64_t y = 0; y < out_.height; ++y) {
      for (std::int64_t x = 0; x < out_.width; ++x) {
        // Phase p at small pixel s reads s - 1 + p and s + p; in the bordered shares, s + p and s +
        // p + 1.
        const std::int64_t top = y / 2 + y % 2, left = x / 2 + x % 2;
        const float* first = shares + i * share_count() + top * row + left * columns +
                             (y % 2 * 2 + x % 2) * 4 * c_out;
        const float* below = first + row + 2 * c_out;
        for (std::int64_t j = 0; j < c_out; ++j) {
          *out++ = (parameters[bias_ + j] + first[j]) + first[columns + c_out + j] + below[j] +
                   below[columns + c_out + j];
        }
      }
    }
  }
}

void ThinUpsampleConv2d::collect_shares(float* shares, const float* image) const {
  const std::int64_t c_out = out_.channels, columns = share_columns();
  for (std::int64_t y = 0; y < in_.height; ++y, shares += in_.width * columns) {
    for (std::size_t n = 0; n < kReach.size(); ++n) {
      const Reach& reach = kReach[n];
      const std::int64_t row = 2 * y + reach.row;
      const bool there = row >= 0 && row < out_.height;
      // Only the first small pixel reaches out of the image on the left, the last on the right.
      const std::int64_t begin = reach.column < 0 ? 1 : 0;
      const std::int64_t end = reach.column > 1 ? in_.width - 1 : in_.width;
      const float* line = image + (row * out_.width + reach.column) * c_out;
      for (std::int64_t j = 0; j < c_out; ++j) {
        float* to = shares + static_cast<std::int64_t>(n) * c_out + j;
        if (begin > 0 || !there) to[0] = 0.0f;
        if (end < in_.width || !there) to[(in_.width - 1) * columns] = 0.0f;
        for (std::int64_t x = begin; x < end; ++x) {
          to[x * columns] = there ? line[2 * x * c_out + j] : 0.0f;
        }
      }
    }
  }
}

void ThinUpsampleConv2d::backward_weights(float* gradients, float* share_gradients,
                                          const float* out_gradient, const float* in,
                                          std::int64_t images) const {
  const std::int64_t c_out = out_.channels;
  for (std::int64_t i = 0; i < images; ++i) {
    collect_shares(share_gradients + i * in_.pixels() * share_columns(),
                   out_gradient + i * out_.count());
  }
  const Gather rows{in_offset_.data(), images * in_.pixels(), kOneTap, 1, in_.channels};
  kernels().gram({gradients + share_gradient_, in, rows, share_gradients,
                  share_gradient_offset_.data(), share_columns()});
  for (std::int64_t p = 0; p < images * out_.pixels(); ++p) {
    for (std::int64_t j = 0; j < c_out; ++j) {
      gradients[bias_gradient_ + j] += out_gradient[p * c_out + j];
    }
  }
}

void ThinUpsampleConv2d::backward_input(float* in_gradient, const float* share_gradients,
                                        const float* derived, std::int64_t images) const {
  const Gather rows{share_gradient_offset_.data(), images * in_.pixels(), kOneTap, 1,
                    share_columns()};
  kernels().product({in_gradient, in_offset_.data(), share_gradients, rows, derived + transposed_,
                     nullptr, in_.channels});
}

void ThinUpsampleConv2d::fold(float* parameter_gradients, const float* gradients) const {
  const std::int64_t c_in = in_.channels, c_out = out_.channels, columns = share_columns();
  float* weights = parameter_gradients + weight_;
  std::fill_n(weights, c_out * c_in * 9, 0.0f);
  for_each_phase_weight([&](int phase, int tap, int weight) {
    for (std::int64_t c = 0; c < c_in; ++c) {
      for (std::int64_t j = 0; j < c_out; ++j) {
        weights[(j * c_in + c) * 9 + weight] +=
            gradients[share_gradient_ + c * columns + (phase * 4 + tap) * c_out + j];
      }
    }
  });
  std::copy_n(gradients + bias_gradient_, c_out, parameter_gradients + bias_);
}

}  // namespace hourglass
