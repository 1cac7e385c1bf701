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

  /// Activations of one chunk. Borders are zero and stay so.
  struct Buffers {
    Buffers(const Encoder& encoder, std::int64_t chunk);
    Tensor image;                            // bordered
    Tensor patches1, conv1, moments1, act1;  // act1 bordered
    Tensor conv2, moments2, act2;
    Tensor latents;                                       // [chunk, padded latent_dim]
    Tensor act_gradient, conv_gradient1, conv_gradient2;  // conv_gradients bordered
  };

  void prepare(float* derived, const float* parameters) const;
  /// Fills the image buffer from images [n, H * W * C] and runs all layers; the code is left in
  /// b.latents.
  void forward(Buffers& b, const float* images, const float* parameters, std::int64_t n) const;
  /// latent_gradient [n, padded latent_dim].
  void backward(Buffers& b, float* gradients, const float* latent_gradient, const float* parameters,
                const float* derived, std::int64_t n) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  Extent image_;
  Conv2d conv1_;
  GroupNormLeakyRelu gn1_;
  Conv2d conv2_;
  GroupNormLeakyRelu gn2_;
  Linear linear_;
};

}  // namespace hourglass
