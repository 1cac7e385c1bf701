// GroupNorm followed by LeakyReLU in one layer: torch.nn.GroupNorm(groups, channels), then
// leaky_relu(slope).
#pragma once

#include <string>

#include "nn/layer.h"

namespace hourglass {

inline constexpr float kNormEpsilon = 1e-5f;  // PyTorch's default

/// The largest of 32, 16, 8, 4, 2, 1 that divides the channels.
std::int64_t group_count(std::int64_t channels);

class GroupNormLeakyRelu {
 public:
  /// Writes its output, and its input's gradient, with a border where asked to, as the convolution
  /// beside it reads them.
  GroupNormLeakyRelu(LayerPlan& plan, const std::string& name, Extent extent, float slope,
                     bool bordered_out);

  /// Floats an image that `moments` needs.
  std::int64_t moment_count() const { return 2 * extent_.channels; }

  /// Floats from one image's output to the next, where they follow each other.
  std::int64_t out_stride() const {
    return bordered_out_ ? extent_.bordered().count() : extent_.count();
  }

  /// `in` [images, pixels, channels]; image i of `out` is at i * stride. The border of `out`, if it
  /// has one, is left as it is.
  void forward(float* out, std::int64_t stride, float* moments, const float* in,
               const float* parameters, std::int64_t images) const;
  /// in_gradient [images, bordered extent], its border left as it is; out_gradient [images, pixels,
  /// channels].
  void backward(float* in_gradient, float* gradients, const float* out_gradient, const float* in,
                const float* moments, const float* parameters, std::int64_t images) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  Extent extent_;
  NormShape shape_;
  bool bordered_out_;
  std::int64_t gamma_, beta_;
  std::int64_t gamma_gradient_, beta_gradient_;
  std::vector<std::int32_t> plain_offset_, bordered_offset_;  // [pixels], of one image
};

}  // namespace hourglass
