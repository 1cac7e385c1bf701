// What a trained model has to beat: linear PCA of the same size, and the mean image for everything.
#pragma once

#include <cstdint>
#include <optional>

#include "base/threads.h"
#include "data/dataset.h"
#include "measure/reconstruction.h"

namespace hourglass {

/// The covariance of larger images takes longer than training on them: they go without PCA.
inline constexpr std::int64_t kMostPcaPixels = 4096;

struct Baselines {
  std::optional<ReconstructionScores> pca;  // fitted on the training set, measured on the test set
  ReconstructionScores mean_image;          // of the training set, likewise
  std::int64_t components = 0;  // of PCA: the latent dimension, or as many as the data allow
};

/// Both, with ssim; pca is left out where images have more than kMostPcaPixels values. Same numbers
/// for any number of threads.
Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool);

}  // namespace hourglass
