// Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004) of two images. Not multi-scale.
#pragma once

#include "hourglass/tensor/shape.h"

namespace hourglass {

/// Side of the Gaussian window, which must be completely inside the image.
inline constexpr std::int64_t kSsimWindow = 11;

/// Mean structural similarity of two images [height, width, channels] in [0, 1]: Gaussian window of
/// 11 with sigma 1.5, K1 0.01, K2 0.03, population covariances, mean over the windows
/// inside the image, then over channels. Equals scikit-image's structural_similarity with
/// gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1. NaN if a side is
/// shorter than the window.
double ssim(const float* a, const float* b, const ImageShape& shape);

}  // namespace hourglass
