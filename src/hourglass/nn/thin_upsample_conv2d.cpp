#include <algorithm>
#include <array>
#include <cassert>

#include "hourglass/nn/graph.h"
#include "hourglass/nn/impl/phases.h"
#include "hourglass/nn/upsample_conv2d.h"

namespace hourglass {
namespace {
constexpr std::int32_t kOneTap[] = {0};

/// Share n = (phase, tap) of small pixel (y, x) goes to output (2y + row, 2x + column), if it
/// exists.
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
    : ImageLayer({.in = {in},
                  .out = {{2 * in.height, 2 * in.width, out_channels}},
                  .out_gradient = {{2 * in.height, 2 * in.width, out_channels}},
                  .in_gradient = {in}}),
      name_(name) {
  assert(in.channels % kVectorFloats == 0);
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
  const std::int64_t c_in = in().extent.channels, c_out = out().extent.channels;
  const std::int64_t columns = share_columns();
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

void ThinUpsampleConv2d::forward(const ForwardPass& pass) const {
  assert(pass.in.stride == in().count() && pass.out.stride == out().count());
  const Extent small = in().extent;
  const Gather rows{in_offset_.data(), pass.images * small.pixels(), kOneTap, 1, small.channels};
  kernels().product({pass.scratch, share_offset_.data(), pass.in.data, rows, pass.derived + shares_,
                     nullptr, share_columns()});
  add_shares(pass.out.data, pass.scratch, pass.parameters + bias_, pass.images);
}

void ThinUpsampleConv2d::add_shares(float* out, const float* shares, const float* bias,
                                    std::int64_t images) const {
  const Extent large = this->out().extent;
  const std::int64_t c_out = large.channels, columns = share_columns();
  const std::int64_t row = in().extent.bordered().width * columns;
  for (std::int64_t i = 0; i < images; ++i) {
    for (std::int64_t y = 0; y < large.height; ++y) {
      for (std::int64_t x = 0; x < large.width; ++x) {
        // Phase p at small pixel s reads s - 1 + p and s + p; in the bordered shares, s + p and s +
        // p + 1.
        const std::int64_t top = y / 2 + y % 2, left = x / 2 + x % 2;
        const float* first = shares + i * scratch_count() + top * row + left * columns +
                             (y % 2 * 2 + x % 2) * 4 * c_out;
        const float* below = first + row + 2 * c_out;
        for (std::int64_t j = 0; j < c_out; ++j) {
          *out++ = (bias[j] + first[j]) + first[columns + c_out + j] + below[j] +
                   below[columns + c_out + j];
        }
      }
    }
  }
}

void ThinUpsampleConv2d::collect_shares(float* shares, const float* image) const {
  const Extent small = in().extent, large = out().extent;
  const std::int64_t c_out = large.channels, columns = share_columns();
  for (std::int64_t y = 0; y < small.height; ++y, shares += small.width * columns) {
    for (std::size_t n = 0; n < kReach.size(); ++n) {
      const Reach& reach = kReach[n];
      const std::int64_t row = 2 * y + reach.row;
      const bool there = row >= 0 && row < large.height;
      // Only the first small pixel reaches past the left edge, and only the last past the right.
      const std::int64_t begin = reach.column < 0 ? 1 : 0;
      const std::int64_t end = reach.column > 1 ? small.width - 1 : small.width;
      const float* line = image + (row * large.width + reach.column) * c_out;
      for (std::int64_t j = 0; j < c_out; ++j) {
        float* to = shares + static_cast<std::int64_t>(n) * c_out + j;
        if (begin > 0 || !there) to[0] = 0.0f;
        if (end < small.width || !there) to[(small.width - 1) * columns] = 0.0f;
        for (std::int64_t x = begin; x < end; ++x) {
          to[x * columns] = there ? line[2 * x * c_out + j] : 0.0f;
        }
      }
    }
  }
}

void ThinUpsampleConv2d::backward(const BackwardPass& pass) const {
  assert(pass.out_gradient.stride == out_gradient().count());
  const Extent small = in().extent, large = out().extent;
  const std::int64_t c_out = large.channels;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    collect_shares(pass.room + i * room_count(), pass.out_gradient.row(i));
  }
  const Gather rows{in_offset_.data(), pass.images * small.pixels(), kOneTap, 1, small.channels};
  kernels().gram({pass.gradients + share_gradient_, pass.in.data, rows, pass.room,
                  share_gradient_offset_.data(), share_columns()});
  for (std::int64_t p = 0; p < pass.images * large.pixels(); ++p) {
    for (std::int64_t j = 0; j < c_out; ++j) {
      pass.gradients[bias_gradient_ + j] += pass.out_gradient.data[p * c_out + j];
    }
  }
  if (!pass.in_gradient.data) return;
  assert(pass.in_gradient.stride == in_gradient().count());
  const Gather shares{share_gradient_offset_.data(), pass.images * small.pixels(), kOneTap, 1,
                      share_columns()};
  kernels().product({pass.in_gradient.data, in_offset_.data(), pass.room, shares,
                     pass.derived + transposed_, nullptr, small.channels});
}

void ThinUpsampleConv2d::fold(float* parameter_gradients, const float* gradients) const {
  const std::int64_t c_in = in().extent.channels, c_out = out().extent.channels;
  const std::int64_t columns = share_columns();
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

std::string ThinUpsampleConv2d::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.conv2d(graph.upsample_twice(x), name_, 1);
}

}  // namespace hourglass
