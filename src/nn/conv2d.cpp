#include "nn/conv2d.h"

#include <algorithm>
#include <cassert>
#include <type_traits>

namespace hourglass {
namespace {

/// Which kernel rows (or columns) reach input rows of this parity, and which output row of the
/// gradient, bordered, they reach it from, counted from half the input row.
struct Reach {
  std::int32_t tap, output;
};
std::vector<Reach> reach(int parity) {
  // Output o reads inputs 2o - 1, 2o, 2o + 1 by taps 0, 1, 2; the border adds one.
  if (parity == 0) return {{1, 1}};
  return {{2, 1}, {0, 2}};
}

}  // namespace

Conv2d::Conv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
               bool normalised)
    : in_(in), out_{in.height / 2, in.width / 2, out_channels}, normalised_(normalised) {
  assert(in.height % 2 == 0 && in.width % 2 == 0 && out_channels % kLanes == 0);
  const std::int64_t c_in = in.channels, c_out = out_channels;
  weight_ = add_conv_weight(plan, name + ".weight", c_in, c_out);
  bias_ = plan.parameters.add(name + ".bias", {c_out}, fan_in_uniform(9 * c_in), c_out,
                              [](std::int64_t i) { return i; });
  weight_gradient_ = plan.gradients.add(9 * c_in * c_out);
  bias_gradient_ = plan.gradients.add(c_out);
  out_offset_ = plain_offsets(plan.chunk, out_);
  gradient_offset_ = bordered_offsets(plan.chunk, out_);

  if (thin()) {
    row_offset_ = plain_offsets(plan.chunk, {out_.height, out_.width, 9 * c_in});
    tap_offset_ = {0};
    return;
  }
  const Extent bordered = in.bordered();
  row_offset_ = pixel_offsets(plan.chunk, out_.height, out_.width, bordered, 2, 0, 0);
  for (std::int64_t tap = 0; tap < 9; ++tap) {
    tap_offset_.push_back(static_cast<std::int32_t>((tap / 3 * bordered.width + tap % 3) * c_in));
  }
  const Extent gradient = out_.bordered();
  for (const int y : {0, 1}) {
    for (const int x : {0, 1}) {
      Parity parity;
      parity.in_offset = pixel_offsets(plan.chunk, out_.height, out_.width, in, 2, y, x);
      parity.out_offset = pixel_offsets(plan.chunk, out_.height, out_.width, gradient, 1, 0, 0);
      for (const Reach row : reach(y)) {
        for (const Reach column : reach(x)) {
          parity.taps.push_back(row.tap * 3 + column.tap);
          parity.tap_offset.push_back(
              static_cast<std::int32_t>((row.output * gradient.width + column.output) * c_out));
        }
      }
      parity.derived = plan.derived.add(std::ssize(parity.taps) * c_out * c_in);
      parities_.push_back(std::move(parity));
    }
  }
}

void Conv2d::prepare(float* derived, const float* parameters) const {
  const std::int64_t c_in = in_.channels, c_out = out_.channels;
  for (const Parity& parity : parities_) {
    float* out = derived + parity.derived;
    for (const std::int32_t tap : parity.taps) {
      const float* weights = parameters + weight_ + tap * c_in * c_out;
      for (std::int64_t j = 0; j < c_out; ++j) {
        for (std::int64_t c = 0; c < c_in; ++c) *out++ = weights[c * c_out + j];
      }
    }
  }
}

Gather Conv2d::patches_of(std::int64_t images) const {
  return {row_offset_.data(), images * out_.pixels(), tap_offset_.data(), std::ssize(tap_offset_),
          thin() ? 9 * in_.channels : in_.channels};
}

void Conv2d::forward(float* out, const float* in, float* patches, const float* parameters,
                     std::int64_t images) const {
  if (thin()) {  // too few channels to be worth a gather: the patches are copied out
    const Extent bordered = in_.bordered();
    const auto copy = [&](const auto channels) {  // a number that the compiler knows, or not
      const std::int64_t row = 3 * channels;
      float* to = patches;
      for (std::int64_t i = 0; i < images; ++i) {
        for (std::int64_t y = 0; y < out_.height; ++y) {
          const float* line = in + i * bordered.count() + 2 * y * bordered.width * channels;
          for (std::int64_t x = 0; x < out_.width; ++x, line += 2 * channels) {
            const float* from = line;
            for (int k = 0; k < 3; ++k, to += row, from += bordered.width * channels) {
              for (std::int64_t c = 0; c < row; ++c) to[c] = from[c];
            }
          }
        }
      }
    };
    if (in_.channels == 1) {
      copy(std::integral_constant<std::int64_t, 1>());
    } else {
      copy(in_.channels);
    }
  }
  kernels().product({out, out_offset_.data(), thin() ? patches : in, patches_of(images),
                     parameters + weight_, parameters + bias_, out_.channels});
}

void Conv2d::backward_weights(float* gradients, const float* out_gradient, const float* in,
                              const float* patches, std::int64_t images) const {
  kernels().gram({gradients + weight_gradient_, thin() ? patches : in, patches_of(images),
                  out_gradient, gradient_offset_.data(), out_.channels});
  if (normalised_) return;
  kernels().column_sums(gradients + bias_gradient_, out_gradient, gradient_offset_.data(),
                        images * out_.pixels(), out_.channels);
}

void Conv2d::backward_input(float* in_gradient, const float* out_gradient, const float* derived,
                            std::int64_t images) const {
  assert(!thin());
  for (const Parity& parity : parities_) {
    const Gather gather{parity.out_offset.data(), images * out_.pixels(), parity.tap_offset.data(),
                        std::ssize(parity.tap_offset), out_.channels};
    kernels().product({in_gradient, parity.in_offset.data(), out_gradient, gather,
                       derived + parity.derived, nullptr, in_.channels});
  }
}

void Conv2d::fold(float* parameter_gradients, const float* gradients) const {
  std::copy_n(gradients + weight_gradient_, 9 * in_.channels * out_.channels,
              parameter_gradients + weight_);
  std::copy_n(gradients + bias_gradient_, out_.channels, parameter_gradients + bias_);
}

}  // namespace hourglass
