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

/// Both, fitted to some images and scored on the same or others, with ssim; no PCA if they are
/// fitted to a single image. Same numbers for any number of threads.
Baselines measure_baselines(const RowSource& fitted, const RowSource& measured,
                            const ImageShape& shape, std::int64_t latent_dim, ThreadPool& pool);

/// The same, fitted to the training images and scored on the test images.
Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool);

}  // namespace hourglass
