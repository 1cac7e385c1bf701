// Scores of a trained model: reconstruction errors beside baselines, k-NN accuracy of its latents,
// and their norms. Not the table: see apps/hourglass/eval.cpp.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/lab/baselines.h"
#include "hourglass/models/model.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Mean and standard deviation of vectors' Euclidean norms.
struct Norms {
  double mean = 0, deviation = 0;
};

/// Of the rows of vectors [n, d].
Norms norms_of(ConstView vectors);

struct ModelScores {
  Evaluation model;  // of the test images
  Baselines baselines;
  /// Share of test latents whose nearest training latents vote for their class, if there are
  /// labels.
  std::optional<double> knn_accuracy;
  int neighbours = 0;  // that vote: 10, or all training images if there are fewer
  Norms latent_norms;  // of the test latents
  Norms noise_norms;   // of 10,000 vectors from N(0, I) of the same dimension
  std::string dataset;
  std::int64_t images = 0;  // tested
  std::int64_t latent_dim = 0;
};

/// The same numbers for any number of threads.
ModelScores evaluate_model(const Model& model, const Dataset& data, ThreadPool& pool);

/// The object of `eval --json`. Unknown scores are null: ssim of images smaller than its window,
/// PCA of images too large for it, accuracy without labels.
nlohmann::ordered_json to_json(const ModelScores& scores, const std::string& checkpoint_sha256);

}  // namespace hourglass
