// The contract of every model: noise depends on the image's key alone. Threads and training with
// noise: see train/every_kind_test.cpp.
#include <gmock/gmock.h>

#include "hourglass/models/contract_cases_test.h"

namespace hourglass {
namespace {

class ModelNoise : public ContractFixture {
 protected:
  /// The row that train() keeps of each image, with its (noisy) latent vector and gradients.
  std::vector<std::vector<float>> kept_rows(const Chunk& chunk) {
    Tensor gradients({model_->gradient_count()});
    Tensor kept({chunk.rows.size(0), model_->kept_count()});
    model_->train(*workspace_, {gradients.span(), kept.view()}, chunk, all_parts());
    std::vector<std::vector<float>> rows;
    for (std::int64_t i = 0; i < kept.size(0); ++i) rows.push_back(copy(kept.row(i)));
    return rows;
  }
  /// Whether anything in this model is random.
  bool has_noise() const {
    return GetParam().kind == "toy" || GetParam().options.contains("corruption");
  }
};
INSTANTIATE_TEST_SUITE_P(, ModelNoise, testing::ValuesIn(contract_cases()), name_of_case);

TEST_P(ModelNoise, AKeyDecidesTheNoiseOfItsImageInAnyCompanyAndPosition) {
  const Images some = images();
  const auto together = kept_rows(some.noisy());
  for (std::int64_t i = 0; i < 8; ++i) {
    ASSERT_EQ(kept_rows(some.chunk(i, i + 1, true))[0], together[static_cast<std::size_t>(i)]) << i;
  }
  const auto shifted = kept_rows(some.chunk(3, 8, true));
  for (std::size_t i = 0; i < shifted.size(); ++i) ASSERT_EQ(shifted[i], together[i + 3]) << i;
}

TEST_P(ModelNoise, AnotherKeyGivesOtherNoiseWhereThereIsAny) {
  Images some = images();
  const auto before = kept_rows(some.noisy());
  const double loss_before = loss(some.noisy()).part[0];
  for (std::uint64_t& key : some.keys) key += 1;
  const auto after = kept_rows(some.noisy());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i] != before[i], has_noise()) << i;
  EXPECT_EQ(loss(some.noisy()).part[0] != loss_before, has_noise());
}

TEST_P(ModelNoise, WithoutKeysNothingIsRandom) {
  const Images some = images();
  EXPECT_EQ(loss(some.clean()).part, loss(some.clean()).part);
  EXPECT_EQ(loss(some.clean()).part != loss(some.noisy()).part, has_noise());
}

TEST_P(ModelNoise, EncodeCorruptsWithKeysAsTrainingDoes) {
  const Images some = images();
  Tensor by_keys({8, model_->latent_dim()}), by_hand({8, model_->latent_dim()});
  model_->encode(*workspace_, by_keys, some.noisy());
  Tensor corrupted = some.rows.clone();
  for (std::int64_t i = 0; i < 8 && model_->corruption().kind != Corruption::Kind::none; ++i) {
    corrupt(corrupted.row(i), some.rows.row(i), model_->image_shape(), model_->corruption(),
            some.keys[static_cast<std::size_t>(i)]);
  }
  model_->encode(*workspace_, by_hand, {corrupted, some.labels});
  EXPECT_EQ(copy(by_keys.span()), copy(by_hand.span()));
}

TEST_P(ModelNoise, EvaluationMeasuresCleanImagesAndCorruptedOnesWhereTrainingCorrupts) {
  const Images some = images(40);
  ThreadPool one(1);
  const Evaluation found = model_->evaluate(some.source(), pool_);
  EXPECT_EQ(found.metrics.front().value,
            model_->evaluate(some.source(), one).metrics.front().value);
  const bool corrupts = model_->corruption().kind != Corruption::Kind::none;
  std::vector<std::string> names;
  for (const Score& metric : found.metrics) names.push_back(metric.name);
  const auto corrupted = std::ranges::find(found.metrics, "mse_corrupted", &Score::name);
  ASSERT_EQ(corrupted != found.metrics.end(), corrupts) << testing::PrintToString(names);
  if (corrupts) {
    EXPECT_NE(corrupted->value, found.scores.mse);
  }
}

}  // namespace
}  // namespace hourglass
