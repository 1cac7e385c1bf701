// The two orders in which an image's channels are stored.
#pragma once

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// [n, channels, height, width], the order of PyTorch and of our files, from [n, height * width *
/// channels], the order of the engine.
Tensor to_channels_first(ConstView images, const ImageShape& shape);

}  // namespace hourglass
