// The plain layers of kernels/impl/ref/ref.h, combined like the fused layers of nn/, which must
// equal them. Inputs and gradients are those of the layer: a batch of images, channels last, then
// the parameters in PyTorch's order.
#pragma once

#include "hourglass/nn/layer.h"
#include "hourglass/nn/op_cases_test.h"

namespace hourglass {

/// conv.
std::unique_ptr<Op> plain_conv(std::int64_t images, Extent in, std::int64_t out_channels,
                               std::int64_t stride);
/// upsample, then conv.
std::unique_ptr<Op> plain_upsample_conv(std::int64_t images, Extent in, std::int64_t out_channels);
/// group_norm, then leaky_relu.
std::unique_ptr<Op> plain_norm_leaky(std::int64_t images, Extent extent, float slope);
/// conv, group_norm, leaky_relu, twice, and the input added. A bias before a GroupNorm with one
/// channel per group has a gradient of exactly zero.
std::unique_ptr<Op> plain_residual(std::int64_t images, Extent extent, float slope);
/// The pixel at the same row and column, or the nearest existing one.
std::unique_ptr<Op> plain_resize(std::int64_t images, Extent from, Extent to);
/// A matrix product in double precision.
std::unique_ptr<Op> plain_linear(std::int64_t images, Extent in, Extent out);

}  // namespace hourglass
