// Image to code: two strided convolutions, each with GroupNorm and LeakyReLU 0.2, then a linear
// layer.
#pragma once

#include "nn/conv2d.h"
#include "nn/group_norm_leaky_relu.h"
#include "nn/linear.h"
#include "tensor/tensor.h"

namespace hourglass {

class Encoder {
 public:
  /// Adds its parameters to the plan as encoder.conv1 ... encoder.linear.
  Encoder(LayerPlan& plan, Extent image, std::int64_t latent_dim);

  /// Activations of one chunk, and what one part of it needs in backward. Borders are zero and stay
  /// so.
  struct Buffers {
    Buffers(const Encoder& encoder, std::int64_t chunk);
    Tensor image;                            // bordered
    Tensor patches1, conv1, moments1, act1;  // act1 bordered
    Tensor conv2, moments2;
    Tensor feature_gradient;                              // [chunk, in columns of linear]
    Tensor act_gradient, conv_gradient1, conv_gradient2;  // [kPart, ...], conv_gradients bordered
  };

  void prepare(float* derived, const float* parameters) const;
  /// Runs all layers on images [n, H * W * C].
  void forward(Buffers& b, Rows latents, Rows kept, const float* images, const float* parameters,
               std::int64_t n) const;
  /// Leaves the gradients of the linear layer's weights to be taken from kept rows.
  void backward(Buffers& b, float* gradients, ConstRows latent_gradient, const float* parameters,
                const float* derived, std::int64_t n) const;
  void fold(float* parameter_gradients, const float* gradients) const;

  const Linear& linear() const { return linear_; }
  /// Of kept rows, those of the linear layer's input.
  ConstRows features(ConstRows kept) const { return {kept.data + features_, kept.stride}; }

 private:
  /// The convolutions, for n <= kPart images of which the chunk's `first` is the first.
  void forward_part(Buffers& b, float* features, std::int64_t stride, const float* images,
                    const float* parameters, std::int64_t first, std::int64_t n) const;
  void backward_part(Buffers& b, float* gradients, const float* parameters, const float* derived,
                     std::int64_t first, std::int64_t n) const;

  Extent image_;
  Conv2d conv1_;
  GroupNormLeakyRelu gn1_;
  Conv2d conv2_;
  GroupNormLeakyRelu gn2_;
  Linear linear_;
  std::int64_t features_;  // in a kept row
};

}  // namespace hourglass
