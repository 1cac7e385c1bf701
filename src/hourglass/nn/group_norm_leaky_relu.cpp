#include "hourglass/nn/group_norm_leaky_relu.h"

#include <algorithm>
#include <cassert>

#include "hourglass/nn/graph.h"

namespace hourglass {

std::int64_t group_count(std::int64_t channels) {
  for (const std::int64_t groups : {32, 16, 8, 4, 2}) {
    if (channels % groups == 0) return groups;
  }
  return 1;
}

GroupNormLeakyRelu::GroupNormLeakyRelu(LayerPlan& plan, const std::string& name, Extent extent,
                                       float slope, bool bordered_out)
    : ImageLayer({.in = {extent},
                  .out = {extent, bordered_out},
                  .out_gradient = {extent},
                  .in_gradient = {extent, true}}),
      name_(name),
      shape_{extent.pixels(), extent.channels, group_count(extent.channels), kNormEpsilon, slope},
      out_offset_(bordered_out ? bordered_offsets(1, extent) : plain_offsets(1, extent)),
      in_gradient_offset_(bordered_offsets(1, extent)) {
  const auto same = [](std::int64_t i) { return i; };
  const std::int64_t c = extent.channels;
  gamma_ = plan.parameters.add(name + ".weight", {c}, {Initialiser::Kind::constant, 1.0}, c, same);
  beta_ = plan.parameters.add(name + ".bias", {c}, {Initialiser::Kind::constant, 0.0}, c, same);
  gamma_gradient_ = plan.gradients.add(c);
  beta_gradient_ = plan.gradients.add(c);
}

void GroupNormLeakyRelu::forward(const ForwardPass& pass) const {
  for (std::int64_t i = 0; i < pass.images; ++i) {
    float* mean = pass.scratch + i * scratch_count();
    kernels().norm_forward({shape_, pass.out.row(i), out_offset_.data(), pass.in.row(i),
                            pass.parameters + gamma_, pass.parameters + beta_, mean,
                            mean + shape_.channels});
  }
}

void GroupNormLeakyRelu::backward(const BackwardPass& pass) const {
  assert(pass.in_gradient.data);
  for (std::int64_t i = 0; i < pass.images; ++i) {
    const float* mean = pass.scratch + i * scratch_count();
    kernels().norm_backward({shape_, pass.in_gradient.row(i), in_gradient_offset_.data(),
                             pass.gradients + gamma_gradient_, pass.gradients + beta_gradient_,
                             pass.out_gradient.row(i), pass.in.row(i), pass.parameters + gamma_,
                             pass.parameters + beta_, mean, mean + shape_.channels});
  }
}

void GroupNormLeakyRelu::fold(float* parameter_gradients, const float* gradients) const {
  std::copy_n(gradients + gamma_gradient_, shape_.channels, parameter_gradients + gamma_);
  std::copy_n(gradients + beta_gradient_, shape_.channels, parameter_gradients + beta_);
}

std::string GroupNormLeakyRelu::emit(GraphBuilder& graph, const std::string& x) const {
  return graph.leaky_relu(graph.group_norm(x, name_, shape_.groups, shape_.epsilon, in().extent),
                          shape_.slope);
}

}  // namespace hourglass
