#include "hourglass/lab/evaluation.h"

#include <nlohmann/json.hpp>

#include "hourglass/models/registry.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

TEST(Evaluation, NormsAreTheMeanAndDeviationOfEuclideanNorms) {
  Tensor vectors({2, 2});
  vectors[0] = 3.0f, vectors[1] = 4.0f;  // 5
  vectors[2] = 0.0f, vectors[3] = 1.0f;  // 1
  const Norms norms = norms_of(vectors);
  EXPECT_DOUBLE_EQ(norms.mean, 3.0);
  EXPECT_DOUBLE_EQ(norms.deviation, 2.0);
}

TEST(Evaluation, IsTheSameForAnyNumberOfThreads) {
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool one(1), three(3);
  EXPECT_EQ(to_json(evaluate_model(*model, data, one), "a"),
            to_json(evaluate_model(*model, data, three), "a"));
}

TEST(Evaluation, WhatIsNotKnownIsNullInItsJson) {
  ModelScores evaluation;
  evaluation.model.scores.ssim = std::nan("");
  evaluation.dataset = "tiny";
  const auto back = nlohmann::json::parse(to_json(evaluation, "abc").dump());
  EXPECT_TRUE(back.at("ssim").is_null());
  EXPECT_TRUE(back.at("pca_mse").is_null());
  EXPECT_EQ(back.at("mean_image_mse"), 0.0);
  EXPECT_EQ(back.at("dataset"), "tiny");
  EXPECT_EQ(back.at("checkpoint_sha256"), "abc");
}

}  // namespace
}  // namespace hourglass
