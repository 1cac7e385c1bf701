// Code to image: a linear layer, then two upsampling convolutions, the first with GroupNorm and
// LeakyReLU 0.2, the second giving the logits of the pixels.
#pragma once

#include "nn/group_norm_leaky_relu.h"
#include "nn/linear.h"
#include "nn/upsample_conv2d.h"
#include "tensor/tensor.h"

namespace hourglass {

class Decoder {
 public:
  /// Adds its parameters to the plan as decoder.linear ... decoder.deconv2.
  Decoder(LayerPlan& plan, Extent image, std::int64_t latent_dim);

  struct Buffers {
    Buffers(const Decoder& decoder, std::int64_t chunk);
    Tensor linear, small;  // small bordered
    Tensor deconv1, moments1, act1;
    Tensor shares;                                        // bordered
    Tensor pixels, pixel_gradient;                        // [chunk, H * W * C]
    Tensor share_gradient, act_gradient, conv_gradient1;  // conv_gradient1 bordered
    Tensor latent_gradient;                               // [chunk, padded latent_dim]
  };

  void prepare(float* derived, const float* parameters) const;
  /// From latents [n, padded latent_dim] to logits in b.pixels.
  void forward(Buffers& b, const float* latents, const float* parameters, const float* derived,
               std::int64_t n) const;
  /// From the logits' gradient in b.pixel_gradient to b.latent_gradient.
  void backward(Buffers& b, float* gradients, const float* latents, const float* parameters,
                const float* derived, std::int64_t n) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  Linear linear_;
  UpsampleConv2d deconv1_;
  GroupNormLeakyRelu gn1_;
  ThinUpsampleConv2d deconv2_;
};

}  // namespace hourglass
