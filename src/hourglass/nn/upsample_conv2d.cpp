#include "hourglass/nn/upsample_conv2d.h"

#include <algorithm>
#include <cassert>

#include "hourglass/nn/graph.h"
#include "hourglass/nn/impl/phases.h"

namespace hourglass {

UpsampleConv2d::UpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in,
                               std::int64_t out_channels, bool normalised)
    : ImageLayer({.in = {in, true},
                  .out = {{2 * in.height, 2 * in.width, out_channels}},
                  .out_gradient = {{2 * in.height, 2 * in.width, out_channels}, true},
                  .in_gradient = {in}}),
      name_(name),
      normalised_(normalised) {
  assert(in.channels % kVectorFloats == 0 && out_channels % kVectorFloats == 0);
  const std::int64_t c_in = in.channels, c_out = out_channels;
  weight_ = add_conv_weight(plan, name + ".weight", c_in, c_out);
  bias_ = plan.parameters.add(name + ".bias", {c_out}, fan_in_uniform(9 * c_in), c_out,
                              [](std::int64_t i) { return i; });
  phases_ = plan.derived.add(4 * phase_weights());
  transposed_ = plan.derived.add(4 * phase_weights());
  phase_gradient_ = plan.gradients.add(4 * phase_weights());
  bias_gradient_ = plan.gradients.add(c_out);

  const Extent out = this->out().extent, small = in.bordered(), large = out.bordered();
  for (int p = 0; p < 4; ++p) {
    const int y = p / 2, x = p % 2;
    phase_[static_cast<std::size_t>(p)] = {
        pixel_offsets(plan.chunk, in.height, in.width, small, 1, y, x),
        pixel_offsets(plan.chunk, in.height, in.width, out, 2, y, x),
        pixel_offsets(plan.chunk, in.height, in.width, large, 2, y + 1, x + 1)};
    tap_offset_.push_back(static_cast<std::int32_t>((y * small.width + x) * c_in));
  }
  // The large rows 2i - 1 .. 2i + 2 read small pixel i; the border adds one.
  gather_offset_ = pixel_offsets(plan.chunk, in.height, in.width, large, 2, 0, 0);
  for (int u = 0; u < 16; ++u) {
    gather_tap_offset_.push_back(static_cast<std::int32_t>((u / 4 * large.width + u % 4) * c_out));
  }
  in_offset_ = plain_offsets(plan.chunk, in);
  bordered_out_offset_ = bordered_offsets(plan.chunk, out);
}

void UpsampleConv2d::prepare(float* derived, const float* parameters) const {
  const std::int64_t c_in = in().extent.channels, c_out = out().extent.channels;
  const std::int64_t size = c_in * c_out;
  float* phases = derived + phases_;
  std::fill_n(phases, 4 * phase_weights(), 0.0f);
  for_each_phase_weight([&](int phase, int tap, int weight) {
    float* to = phases + (phase * 4 + tap) * size;
    const float* from = parameters + weight_ + weight * size;
    for (std::int64_t i = 0; i < size; ++i) to[i] += from[i];
  });
  // Large row 2i - 1 + u reaches small pixel i through phase (u + 1) mod 2 and tap 1 - u / 2, per
  // axis.
  for (int u = 0; u < 16; ++u) {
    const int row = u / 4, column = u % 4;
    const int phase = (row + 1) % 2 * 2 + (column + 1) % 2;
    const int tap = (1 - row / 2) * 2 + 1 - column / 2;
    const float* from = phases + (phase * 4 + tap) * size;
    float* to = derived + transposed_ + u * size;
    for (std::int64_t j = 0; j < c_out; ++j) {
      for (std::int64_t c = 0; c < c_in; ++c) to[j * c_in + c] = from[c * c_out + j];
    }
  }
}

Gather UpsampleConv2d::taps_of(const Phase& phase, std::int64_t images) const {
  return {phase.in_offset.data(), images * in().extent.pixels(), tap_offset_.data(), 4,
          in().extent.channels};
}

void UpsampleConv2d::forward(const ForwardPass& pass) const {
  assert(pass.in.stride == in().count() && pass.out.stride == out().count());
  const float* weights = pass.derived + phases_;
  for (const Phase& phase : phase_) {
    kernels().product({pass.out.data, phase.out_offset.data(), pass.in.data,
                       taps_of(phase, pass.images), weights, pass.parameters + bias_,
                       out().extent.channels});
    weights += phase_weights();
  }
}

void UpsampleConv2d::backward(const BackwardPass& pass) const {
  assert(pass.out_gradient.stride == out_gradient().count());
  const Extent small = in().extent, large = out().extent;
  float* gradients = pass.gradients + phase_gradient_;
  for (const Phase& phase : phase_) {
    kernels().gram({gradients, pass.in.data, taps_of(phase, pass.images), pass.out_gradient.data,
                    phase.gradient_offset.data(), large.channels});
    gradients += phase_weights();
  }
  if (!normalised_) {
    kernels().column_sums(pass.gradients + bias_gradient_, pass.out_gradient.data,
                          bordered_out_offset_.data(), pass.images * large.pixels(),
                          large.channels);
  }
  if (!pass.in_gradient.data) return;
  assert(pass.in_gradient.stride == in_gradient().count());
  const Gather gather{gather_offset_.data(), pass.images * small.pixels(),
                      gather_tap_offset_.data(), 16, large.channels};
  kernels().product({pass.in_gradient.data, in_offset_.data(), pass.out_gradient.data, gather,
                     pass.derived + transposed_, nullptr, small.channels});
}

void UpsampleConv2d::fold(float* parameter_gradients, const float* gradients) const {
  const std::int64_t size = in().extent.channels * out().extent.channels;
  float* weights = parameter_gradients + weight_;
  std::fill_n(weights, 9 * size, 0.0f);
  for_each_phase_weight([&](int phase, int tap, int weight) {
    const float* from = gradients + phase_gradient_ + (phase * 4 + tap) * size;
    float* to = weights + weight * size;
    for (std::int64_t i = 0; i < size; ++i) to[i] += from[i];
  });
  std::copy_n(gradients + bias_gradient_, out().extent.channels, parameter_gradients + bias_);
}

std::string UpsampleConv2d::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.conv2d(graph.upsample_twice(x), name_, 1);
}

}  // namespace hourglass
