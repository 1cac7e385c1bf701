// The two orders in which an image's channels are stored.
#pragma once

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// [n, channels, height, width], as PyTorch and our files have it, from [n, height * width *
/// channels], as the engine does.
Tensor to_channels_first(ConstView images, const ImageShape& shape);

}  // namespace hourglass
