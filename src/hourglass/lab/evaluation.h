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
  double mean = 0, deviation = 0;  // the deviation of a single vector is NaN: not known
};

/// Of the rows of vectors [n, d].
Norms norms_of(ConstView vectors);

/// Images that a model is measured on, and those that the baselines are fitted to.
struct MeasuredSet {
  std::string name;     // "test", "all": in the table
  std::string dataset;  // which has them
  RowSource images;
  /// PCA and the mean image are fitted to these, and their latents vote on those of the images.
  RowSource reference;
  /// The reference are the images themselves: no image votes on itself.
  bool own_reference = false;
};

/// The test images, with the training images as reference.
MeasuredSet test_images_of(const Dataset& data);
/// All images of data that the model was not trained on, which are their own reference.
MeasuredSet all_images_of(const Dataset& data);

struct ModelScores {
  Evaluation model;  // of the measured images
  Baselines baselines;
  /// Share of latents whose nearest latents of the reference vote for their class. Nothing without
  /// labels, or if no vote could tell these classes apart (votes_can_decide()).
  std::optional<double> knn_accuracy;
  int neighbours = 0;  // that vote: 10, or all of the reference if there are fewer
  Norms latent_norms;  // of the measured images' latents
  Norms noise_norms;   // of 10,000 vectors from N(0, I) of the same dimension
  std::string dataset;
  std::int64_t images = 0;  // measured
  std::int64_t latent_dim = 0;
};

/// The baselines of a model with this latent dimension.
Baselines baselines_of(const MeasuredSet& set, const ImageShape& shape, std::int64_t latent_dim,
                       ThreadPool& pool);

/// The scores of a model beside baselines_of() the same set. The same numbers for any number of
/// threads. Throws Error naming the model if its weights give values that are not finite.
ModelScores evaluate_model(const Model& model, const MeasuredSet& set, const Baselines& baselines,
                           ThreadPool& pool);

/// The same for the test images of a data set.
ModelScores evaluate_model(const Model& model, const Dataset& data, ThreadPool& pool);

/// The object of `eval --json`. Scores that are not known or mean nothing are null: ssim of images
/// smaller than its window, PCA fitted to one image, accuracy without labels or without classes
/// that votes can tell apart, the deviation of one norm.
nlohmann::ordered_json to_json(const ModelScores& scores, const std::string& checkpoint_sha256);

}  // namespace hourglass
