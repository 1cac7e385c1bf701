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

TEST(Evaluation, OneVectorHasNoDeviation) {
  EXPECT_TRUE(std::isnan(norms_of(Tensor({1, 2})).deviation));
}

TEST(Evaluation, AllImagesAreMeasuredAgainstThemselvesAndNoneVotesOnItself) {
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(2);
  const MeasuredSet all = all_images_of(data);
  EXPECT_EQ(all.images.count(), data.train.count() + data.test.count());
  const Baselines baselines = baselines_of(all, data.shape, 3, pool);
  const ModelScores scores = evaluate_model(*model, all, baselines, pool);
  EXPECT_EQ(scores.images, all.images.count());
  EXPECT_EQ(scores.model.scores.mse, model->evaluate(all.images, pool).scores.mse);
  ASSERT_TRUE(scores.knn_accuracy);
  EXPECT_LT(*scores.knn_accuracy, 1.0) << "an image that votes on itself is always right";
}

TEST(Evaluation, OneClassHasNoAccuracy) {
  Dataset data = small_data();
  const auto of_one_class = [](const RowSource& rows) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(rows.count() * rows.columns()));
    for (std::int64_t i = 0; i < rows.count(); ++i) {
      rows.fill_bytes(i, std::span(bytes).subspan(static_cast<std::size_t>(i * rows.columns()),
                                                  static_cast<std::size_t>(rows.columns())));
    }
    return byte_rows(std::move(bytes), rows.columns(),
                     std::vector<std::int64_t>(static_cast<std::size_t>(rows.count()), 0));
  };
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(2);
  EXPECT_TRUE(evaluate_model(*model, data, pool).knn_accuracy);
  data.train = of_one_class(data.train);
  data.test = of_one_class(data.test);
  const ModelScores scores = evaluate_model(*model, data, pool);
  EXPECT_FALSE(scores.knn_accuracy);
  EXPECT_TRUE(to_json(scores, "a").at("latent_knn_accuracy").is_null() ||
              std::isnan(to_json(scores, "a").at("latent_knn_accuracy").get<double>()));
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
