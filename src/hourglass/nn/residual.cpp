#include "hourglass/nn/residual.h"

#include "hourglass/nn/conv2d.h"
#include "hourglass/nn/graph.h"
#include "hourglass/nn/group_norm_leaky_relu.h"

namespace hourglass {

Residual::Residual(LayerPlan& plan, const std::string& name, Extent extent, float slope,
                   bool bordered_out)
    : ImageLayer({.in = {extent, true},
                  .out = {extent, bordered_out},
                  .out_gradient = {extent},
                  .in_gradient = {extent}}),
      block_(plan),
      in_offset_(bordered_offsets(1, extent)),
      out_offset_(bordered_out ? bordered_offsets(1, extent) : plain_offsets(1, extent)) {
  const std::int64_t channels = extent.channels;
  const bool normalised = group_count(channels) == channels;
  block_.add<Conv2d>(name + ".conv1", extent, channels, 1, normalised);
  block_.add<GroupNormLeakyRelu>(name + ".gn1", extent, slope, true);
  block_.add<Conv2d>(name + ".conv2", extent, channels, 1, normalised);
  block_.add<GroupNormLeakyRelu>(name + ".gn2", extent, slope, bordered_out);
}

void Residual::prepare(float* derived, const float* parameters) const {
  block_.prepare(derived, parameters);
}

void Residual::forward(const ForwardPass& pass) const {
  block_.forward({pass.scratch, nullptr}, pass.out, pass.in, pass.parameters, pass.derived,
                 pass.images);
  const std::int64_t channels = in().extent.channels;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    for (std::size_t p = 0; p < in_offset_.size(); ++p) {
      const float* x = pass.in.row(i) + in_offset_[p];
      float* y = pass.out.row(i) + out_offset_[p];
      for (std::int64_t c = 0; c < channels; ++c) y[c] += x[c];
    }
  }
}

void Residual::backward(const BackwardPass& pass) const {
  block_.backward({pass.scratch, pass.room}, pass.in_gradient, pass.gradients, pass.out_gradient,
                  pass.in, pass.parameters, pass.derived, pass.images);
  if (!pass.in_gradient.data) return;
  for (std::int64_t i = 0; i < pass.images; ++i) {
    float* x = pass.in_gradient.row(i);
    const float* y = pass.out_gradient.row(i);
    for (std::int64_t j = 0; j < in().extent.count(); ++j) x[j] += y[j];
  }
}

void Residual::fold(float* parameter_gradients, const float* gradients) const {
  block_.fold(parameter_gradients, gradients);
}

std::string Residual::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.add(x, block_.emit(graph, x));
}

}  // namespace hourglass
