// GroupNorm followed by LeakyReLU in one layer: torch.nn.GroupNorm(groups, channels), then
// leaky_relu(slope).
#pragma once

#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

inline constexpr float kNormEpsilon = 1e-5f;  // PyTorch's default

/// The largest of 32, 16, 8, 4, 2, 1 that divides the number of channels.
std::int64_t group_count(std::int64_t channels);

class GroupNormLeakyRelu : public ImageLayer {
 public:
  /// The output has a border if the next layer reads one. The input gradient has a border, because
  /// the convolution before this layer reads it.
  GroupNormLeakyRelu(LayerPlan& plan, const std::string& name, Extent extent, float slope,
                     bool bordered_out);

  /// Mean and scale of each channel.
  std::int64_t scratch_count() const override { return 2 * shape_.channels; }

  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  std::string name_;
  NormShape shape_;
  std::int64_t gamma_, beta_;
  std::int64_t gamma_gradient_, beta_gradient_;
  std::vector<std::int32_t> out_offset_, in_gradient_offset_;  // [pixels], of one image
};

}  // namespace hourglass
