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

  /// Of one chunk what the linear layer computes; the rest of one part of it.
  struct Buffers {
    Buffers(const Decoder& decoder, std::int64_t chunk);
    Tensor linear;                                        // [chunk, out columns of linear]
    Tensor small;                                         // bordered
    Tensor deconv1, moments1, act1;                       // [kPart, ...], as all that follow
    Tensor shares;                                        // bordered
    Tensor pixels, pixel_gradient;                        // [kPart, H * W * C]
    Tensor share_gradient, act_gradient, conv_gradient1;  // conv_gradient1 bordered
  };

  void prepare(float* derived, const float* parameters) const;

  /// From the latents of a chunk through the linear layer, into b.linear.
  void forward(Buffers& b, ConstRows latents, const float* parameters, std::int64_t n) const;
  /// From there to logits in b.pixels, for n <= kPart images of which the chunk's `first` is the
  /// first.
  void forward_part(Buffers& b, const float* parameters, const float* derived, std::int64_t first,
                    std::int64_t n) const;
  /// From the logits' gradient in b.pixel_gradient to that of the linear layer's output, which kept
  /// rows take.
  void backward_part(Buffers& b, Rows kept, float* gradients, const float* parameters,
                     const float* derived, std::int64_t first, std::int64_t n) const;
  /// From there to the latents. Leaves the gradients of the linear layer's weights to be taken
  /// from kept rows.
  void backward(Rows latent_gradient, ConstRows kept, const float* derived, std::int64_t n) const;
  void fold(float* parameter_gradients, const float* gradients) const;

  const Linear& linear() const { return linear_; }
  /// Of kept rows, those of the gradient of the linear layer's output.
  ConstRows seed_gradient(ConstRows kept) const {
    return {kept.data + seed_gradient_, kept.stride};
  }

 private:
  Linear linear_;
  UpsampleConv2d deconv1_;
  GroupNormLeakyRelu gn1_;
  ThinUpsampleConv2d deconv2_;
  std::int64_t seed_gradient_;  // in a kept row
};

}  // namespace hourglass
