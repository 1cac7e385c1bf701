// What a trained model has to beat: linear PCA of the same dimension, and the mean image.
#pragma once

#include <cstdint>
#include <optional>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/measure/reconstruction.h"

namespace hourglass {

struct Baselines {
  std::optional<ReconstructionScores> pca;  // fitted on the training set, scored on the test set
  ReconstructionScores mean_image;          // of the training set, likewise
  std::int64_t components = 0;  // of PCA: the latent dimension, or fewer if the data allow no more
  bool all_equal = false;       // the training images
};

/// Both, with ssim; no PCA if there is only one training image. Same numbers for any number of
/// threads.
Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool);

}  // namespace hourglass
