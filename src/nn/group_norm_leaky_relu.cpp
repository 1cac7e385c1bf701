#include "nn/group_norm_leaky_relu.h"

#include <algorithm>

namespace hourglass {

std::int64_t group_count(std::int64_t channels) {
  for (const std::int64_t groups : {32, 16, 8, 4, 2}) {
    if (channels % groups == 0) return groups;
  }
  return 1;
}

GroupNormLeakyRelu::GroupNormLeakyRelu(LayerPlan& plan, const std::string& name, Extent extent,
                                       float slope, bool bordered_out)
    : extent_(extent),
      shape_{extent.pixels(), extent.channels, group_count(extent.channels), kNormEpsilon, slope},
      bordered_out_(bordered_out),
      plain_offset_(plain_offsets(1, extent)),
      bordered_offset_(bordered_offsets(1, extent)) {
  const auto same = [](std::int64_t i) { return i; };
  const std::int64_t c = extent.channels;
  gamma_ = plan.parameters.add(name + ".weight", {c}, {Initialiser::Kind::constant, 1.0}, c, same);
  beta_ = plan.parameters.add(name + ".bias", {c}, {Initialiser::Kind::constant, 0.0}, c, same);
  gamma_gradient_ = plan.gradients.add(c);
  beta_gradient_ = plan.gradients.add(c);
}

void GroupNormLeakyRelu::forward(float* out, std::int64_t stride, float* moments, const float* in,
                                 const float* parameters, std::int64_t images) const {
  const auto& offsets = bordered_out_ ? bordered_offset_ : plain_offset_;
  for (std::int64_t i = 0; i < images; ++i) {
    float* mean = moments + i * moment_count();
    kernels().norm_forward({shape_, out + i * stride, offsets.data(), in + i * extent_.count(),
                            parameters + gamma_, parameters + beta_, mean,
                            mean + extent_.channels});
  }
}

void GroupNormLeakyRelu::backward(float* in_gradient, float* gradients, const float* out_gradient,
                                  const float* in, const float* moments, const float* parameters,
                                  std::int64_t images) const {
  for (std::int64_t i = 0; i < images; ++i) {
    const float* mean = moments + i * moment_count();
    kernels().norm_backward({shape_, in_gradient + i * extent_.bordered().count(),
                             bordered_offset_.data(), gradients + gamma_gradient_,
                             gradients + beta_gradient_, out_gradient + i * extent_.count(),
                             in + i * extent_.count(), parameters + gamma_, parameters + beta_,
                             mean, mean + extent_.channels});
  }
}

void GroupNormLeakyRelu::fold(float* parameter_gradients, const float* gradients) const {
  std::copy_n(gradients + gamma_gradient_, extent_.channels, parameter_gradients + gamma_);
  std::copy_n(gradients + beta_gradient_, extent_.channels, parameter_gradients + beta_);
}

}  // namespace hourglass
