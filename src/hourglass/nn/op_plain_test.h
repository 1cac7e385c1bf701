// The plain layers of kernels/impl/ref/ref.h, put together as the fused layers of nn/ are: what
// those have to equal. Inputs and gradients are as the layer's: an image batch channels last, then
// parameters in PyTorch's order.
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
/// conv, group_norm, leaky_relu, twice, and the input added. A bias before a GroupNorm of one
/// channel a group has a gradient of exactly zero.
std::unique_ptr<Op> plain_residual(std::int64_t images, Extent extent, float slope);
/// The pixel at the same row and column, or the nearest one that there is.
std::unique_ptr<Op> plain_resize(std::int64_t images, Extent from, Extent to);
/// A matrix product in double precision.
std::unique_ptr<Op> plain_linear(std::int64_t images, Extent in, Extent out);

}  // namespace hourglass
