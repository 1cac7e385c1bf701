#include "hourglass/nn/conv2d.h"

#include <algorithm>
#include <cassert>
#include <type_traits>

#include "hourglass/nn/graph.h"

namespace hourglass {
namespace {

/// The kernel rows (or columns) that reach input rows of this parity, and for each the row of the
/// bordered output gradient that it reads, relative to the input row divided by the stride.
struct Reach {
  std::int64_t tap, output;
};
std::vector<Reach> reach(std::int64_t parity, std::int64_t stride) {
  // Output o reads inputs stride * o - 1, stride * o, stride * o + 1 with taps 0, 1, 2; the border
  // adds one.
  std::vector<Reach> found;
  for (std::int64_t tap = 2; tap >= 0; --tap) {
    const std::int64_t distance = parity + 1 - tap + stride;  // never below zero
    if (distance % stride == 0) found.push_back({tap, distance / stride});
  }
  return found;
}

}  // namespace

Conv2d::Conv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
               std::int64_t stride, bool normalised)
    : ImageLayer({.in = {in, true},
                  .out = {{in.height / stride, in.width / stride, out_channels}},
                  .out_gradient = {{in.height / stride, in.width / stride, out_channels}, true},
                  .in_gradient = {in}}),
      name_(name),
      stride_(stride),
      normalised_(normalised) {
  assert(in.height % stride == 0 && in.width % stride == 0 && out_channels % kVectorFloats == 0);
  const Extent out = this->out().extent;
  const std::int64_t c_in = in.channels, c_out = out_channels;
  weight_ = add_conv_weight(plan, name + ".weight", c_in, c_out);
  bias_ = plan.parameters.add(name + ".bias", {c_out}, fan_in_uniform(9 * c_in), c_out,
                              [](std::int64_t i) { return i; });
  weight_gradient_ = plan.gradients.add(9 * c_in * c_out);
  bias_gradient_ = plan.gradients.add(c_out);
  out_offset_ = plain_offsets(plan.chunk, out);
  gradient_offset_ = bordered_offsets(plan.chunk, out);

  if (thin()) {
    row_offset_ = plain_offsets(plan.chunk, {out.height, out.width, 9 * c_in});
    tap_offset_ = {0};
    return;
  }
  const Extent bordered = in.bordered();
  row_offset_ = pixel_offsets(plan.chunk, out.height, out.width, bordered, stride, 0, 0);
  for (std::int64_t tap = 0; tap < 9; ++tap) {
    tap_offset_.push_back(static_cast<std::int32_t>((tap / 3 * bordered.width + tap % 3) * c_in));
  }
  const Extent gradient = out.bordered();
  for (std::int64_t y = 0; y < stride; ++y) {
    for (std::int64_t x = 0; x < stride; ++x) {
      Parity parity;
      parity.in_offset = pixel_offsets(plan.chunk, out.height, out.width, in, stride, y, x);
      parity.out_offset = pixel_offsets(plan.chunk, out.height, out.width, gradient, 1, 0, 0);
      for (const Reach row : reach(y, stride)) {
        for (const Reach column : reach(x, stride)) {
          parity.taps.push_back(static_cast<std::int32_t>(row.tap * 3 + column.tap));
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
  const std::int64_t c_in = in().extent.channels, c_out = out().extent.channels;
  for (const Parity& parity : parities_) {
    float* to = derived + parity.derived;
    for (const std::int32_t tap : parity.taps) {
      const float* weights = parameters + weight_ + tap * c_in * c_out;
      for (std::int64_t j = 0; j < c_out; ++j) {
        for (std::int64_t c = 0; c < c_in; ++c) *to++ = weights[c * c_out + j];
      }
    }
  }
}

Gather Conv2d::patches_of(std::int64_t images) const {
  return {row_offset_.data(), images * out().extent.pixels(), tap_offset_.data(),
          std::ssize(tap_offset_), thin() ? 9 * in().extent.channels : in().extent.channels};
}

void Conv2d::copy_patches(float* patches, const float* in, std::int64_t images) const {
  const Extent bordered = this->in().extent.bordered(), out = this->out().extent;
  const auto copy = [&](const auto channels) {  // a compile-time constant, or not
    const std::int64_t row = 3 * channels;
    float* to = patches;
    for (std::int64_t i = 0; i < images; ++i) {
      for (std::int64_t y = 0; y < out.height; ++y) {
        const float* line = in + i * bordered.count() + stride_ * y * bordered.width * channels;
        for (std::int64_t x = 0; x < out.width; ++x, line += stride_ * channels) {
          const float* from = line;
          for (int k = 0; k < 3; ++k, to += row, from += bordered.width * channels) {
            for (std::int64_t c = 0; c < row; ++c) to[c] = from[c];
          }
        }
      }
    }
  };
  if (bordered.channels == 1) {
    copy(std::integral_constant<std::int64_t, 1>());
  } else {
    copy(bordered.channels);
  }
}

void Conv2d::forward(const ForwardPass& pass) const {
  assert(pass.in.stride == in().count() && pass.out.stride == out().count());
  if (thin()) copy_patches(pass.scratch, pass.in.data, pass.images);
  kernels().product({pass.out.data, out_offset_.data(), thin() ? pass.scratch : pass.in.data,
                     patches_of(pass.images), pass.parameters + weight_, pass.parameters + bias_,
                     out().extent.channels});
}

void Conv2d::backward(const BackwardPass& pass) const {
  assert(pass.out_gradient.stride == out_gradient().count());
  const Extent out = this->out().extent;
  kernels().gram({pass.gradients + weight_gradient_, thin() ? pass.scratch : pass.in.data,
                  patches_of(pass.images), pass.out_gradient.data, gradient_offset_.data(),
                  out.channels});
  if (!normalised_) {
    kernels().column_sums(pass.gradients + bias_gradient_, pass.out_gradient.data,
                          gradient_offset_.data(), pass.images * out.pixels(), out.channels);
  }
  if (!pass.in_gradient.data) return;
  assert(!thin() && pass.in_gradient.stride == in_gradient().count());
  for (const Parity& parity : parities_) {
    const Gather gather{parity.out_offset.data(), pass.images * out.pixels(),
                        parity.tap_offset.data(), std::ssize(parity.tap_offset), out.channels};
    kernels().product({pass.in_gradient.data, parity.in_offset.data(), pass.out_gradient.data,
                       gather, pass.derived + parity.derived, nullptr, in().extent.channels});
  }
}

void Conv2d::fold(float* parameter_gradients, const float* gradients) const {
  const std::int64_t c_out = out().extent.channels;
  std::copy_n(gradients + weight_gradient_, 9 * in().extent.channels * c_out,
              parameter_gradients + weight_);
  std::copy_n(gradients + bias_gradient_, c_out, parameter_gradients + bias_);
}

std::string Conv2d::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.conv2d(x, name_, stride_);
}

}  // namespace hourglass
