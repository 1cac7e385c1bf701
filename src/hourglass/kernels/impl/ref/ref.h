// The reference for all other kernel sets: plain loops.
#pragma once

#include "hourglass/kernels/kernels.h"

namespace hourglass::ref {

const Kernels& kernels();
const NearKernels& near_kernels();

/// The separate layers for one image, channels last: the reference for the fused and implicit ones.
/// A convolution's weights are [kernel row, kernel column, in channel, out channel], kernel 3 x 3,
/// zero padding 1.
struct ConvShape {
  std::int64_t height, width, in_channels, out_channels, stride;
  std::int64_t out_height() const { return (height + stride - 1) / stride; }
  std::int64_t out_width() const { return (width + stride - 1) / stride; }
};
void conv(float* out, const float* in, const float* weights, const float* bias, const ConvShape& s);
/// Adds to the gradients; any of them may be nullptr.
void conv_backward(float* in_gradient, float* weight_gradient, float* bias_gradient,
                   const float* out_gradient, const float* in, const float* weights,
                   const ConvShape& s);

/// Nearest-neighbour doubling: out [2h, 2w, c] from in [h, w, c].
void upsample(float* out, const float* in, std::int64_t height, std::int64_t width,
              std::int64_t channels);
void upsample_backward(float* in_gradient, const float* out_gradient, std::int64_t height,
                       std::int64_t width, std::int64_t channels);

/// Wu and He 2018, eq. 1: normalise each group to mean 0 and variance 1, then scale and shift each
/// channel.
void group_norm(float* out, const float* in, const float* gamma, const float* beta,
                const NormShape& s);
/// Adds to gamma_gradient and beta_gradient; writes in_gradient.
void group_norm_backward(float* in_gradient, float* gamma_gradient, float* beta_gradient,
                         const float* out_gradient, const float* in, const float* gamma,
                         const NormShape& s);

void leaky_relu(float* out, const float* in, float slope, std::int64_t n);
/// `in` is the input of the forward pass.
void leaky_relu_backward(float* in_gradient, const float* out_gradient, const float* in,
                         float slope, std::int64_t n);

}  // namespace hourglass::ref
