// What is measured of a trained model: its reconstructions beside baselines, how well its codes
// keep the classes apart, and how long they are. Not the table: see apps/hourglass/eval.cpp.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/threads.h"
#include "data/dataset.h"
#include "lab/baselines.h"
#include "measure/reconstruction.h"
#include "models/model.h"
#include "tensor/tensor.h"

namespace hourglass {

/// Mean and standard deviation of vectors' Euclidean norms.
struct Norms {
  double mean = 0, deviation = 0;
};

/// Of the rows of vectors [n, d].
Norms norms_of(ConstView vectors);

struct Evaluation {
  ReconstructionScores model;  // of the test images
  Baselines baselines;
  std::optional<double> knn_accuracy;  // share of test codes whose nearest training codes vote for
                                       // their class; none without labels
  int neighbours = 0;                  // that vote: 10, or as many training images as there are
  Norms latent_norms;                  // of the test codes
  Norms noise_norms;                   // of 10,000 vectors from N(0, I) of the same dimension
  std::string dataset;
  std::int64_t images = 0;  // tested
  std::int64_t latent_dim = 0;
};

/// The same numbers for any number of threads.
Evaluation evaluate_model(const Model& model, const Dataset& data, ThreadPool& pool);

/// The object of `eval --json`. Scores that are not known are null: ssim of images smaller than its
/// window, PCA of images too large for it, and the accuracy of images without labels.
nlohmann::ordered_json to_json(const Evaluation& evaluation, const std::string& checkpoint_sha256);

}  // namespace hourglass
