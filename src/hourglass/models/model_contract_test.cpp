// The contract of every model: its description, parameters, latent vectors and images.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/models/contract_cases_test.h"

namespace hourglass {
namespace {

class ModelContract : public ContractFixture {};
INSTANTIATE_TEST_SUITE_P(, ModelContract, testing::ValuesIn(contract_cases()), name_of_case);

TEST_P(ModelContract, ItsDescriptionBuildsItAgain) {
  const auto again = make_model(nlohmann::json::parse(model_->describe().dump()));
  EXPECT_EQ(again->kind(), GetParam().kind);
  EXPECT_EQ(again->image_shape(), GetParam().shape);
  EXPECT_EQ(again->latent_dim(), GetParam().latent_dim);
  EXPECT_EQ(again->config().options, model_->config().options);
  EXPECT_EQ(again->config().classes, model_->config().classes);
  EXPECT_EQ(again->describe(), model_->describe());
  const auto& found = again->parameter_list().parameters();
  const auto& expected = model_->parameter_list().parameters();
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].shape, expected[i].shape);
  }
}

TEST_P(ModelContract, EveryOptionThatWasChosenIsInIt) {
  for (const auto& [name, value] : GetParam().options) {
    EXPECT_EQ(model_->config().options.at(name), value) << name;
  }
  EXPECT_EQ(model_->config().options.size(), model_kind(GetParam().kind).options.size());
}

TEST_P(ModelContract, ItsStateGoesOutAndInAgainWithoutLoss) {
  const std::vector<float> values = random_state(model_->parameter_list().state_count(), -1, 1, 2);
  set_state(values);
  EXPECT_EQ(state(), values);
}

TEST_P(ModelContract, TheSurplusOfTheEnginesLayoutIsZeroAndHasNoGradient) {
  const std::vector<float> engine = copy(model_->parameters());
  std::vector<float> ones(static_cast<std::size_t>(model_->parameter_list().state_count()), 1.0f);
  std::vector<float> taken(engine.size());
  model_->parameter_list().from_state(taken, ones);
  Sum sum(*model_);
  train(sum, images().noisy(), all_parts());
  folded(sum);
  for (std::size_t i = 0; i < engine.size(); ++i) {
    if (taken[i] != 0.0f) continue;
    ASSERT_EQ(engine[i], 0.0f) << i;
    ASSERT_EQ(sum.engine[static_cast<std::int64_t>(i)], 0.0f) << i;
  }
}

TEST_P(ModelContract, TheSeedDecidesFreshParameters) {
  EXPECT_EQ(weights_sha256(*GetParam().make(6)), weights_sha256(*model_));
  EXPECT_NE(weights_sha256(*GetParam().make(7)), weights_sha256(*model_));
}

TEST_P(ModelContract, IsOfAsManyParametersAsAreToldBeforeItIsMade) {
  const nlohmann::json described = model_->describe();
  const std::int64_t count = model_->parameter_list().state_count();
  EXPECT_EQ(make_model(described, count)->parameter_list().state_count(), count);
  EXPECT_THROW(make_model(described, count - 1), Error);
}

TEST_P(ModelContract, LossPartsHaveNamesAndWeightsForNoOthers) {
  const std::size_t parts = model_->loss_names().size();
  ASSERT_GE(parts, 1u);
  ASSERT_LE(parts, kMostLossParts);
  for (const double progress : {0.0, 0.5, 1.0}) {
    const LossWeights weights = model_->loss_weights(progress);
    for (std::size_t i = 0; i < kMostLossParts; ++i) {
      EXPECT_TRUE(i < parts ? weights[i] >= 0.0 : weights[i] == 0.0) << i;
    }
  }
}

TEST_P(ModelContract, LatentVectorsAndImagesHaveTheirShapesAndImagesLieBetweenZeroAndOne) {
  set_state(random_state(model_->parameter_list().state_count(), -1, 1, 2));
  const Images some = images(11);
  const Tensor latents = encode(*model_, some.source(), pool_);
  EXPECT_EQ(latents.shape(), (Shape{11, GetParam().latent_dim}));
  EXPECT_EQ(model_->latent_shape().count(), GetParam().latent_dim);
  const Tensor back = decode(*model_, latents, pool_, some.labels);
  EXPECT_EQ(back.shape(), some.rows.shape());
  for (const float x : back.span()) {
    ASSERT_GE(x, 0.0f);
    ASSERT_LE(x, 1.0f);
  }
}

TEST_P(ModelContract, AnImageAloneHasTheBitsItHasAmongSevenAndAmongTwoThousand) {
  const std::int64_t many = 2000;
  const Images some = images(many, 3);
  const RowSource source = some.source();
  const Tensor all = encode(*model_, source, pool_);
  const Tensor all_back = decode(*model_, all, pool_, some.labels);
  for (const std::int64_t i : {0, 5, 8, 1321, 1999}) {
    const std::int64_t label[] = {some.labels[static_cast<std::size_t>(i)]};
    const Tensor alone = encode(*model_, source.selected({i}), pool_);
    EXPECT_EQ(copy(alone.span()), copy(all.row(i))) << "latent vector of image " << i;
    EXPECT_EQ(copy(decode(*model_, alone, pool_, label).span()), copy(all_back.row(i))) << i;
    const std::int64_t first = std::clamp<std::int64_t>(i - 3, 0, many - 7);
    std::vector<std::int64_t> near(7);
    std::iota(near.begin(), near.end(), first);
    const RowSource seven = source.selected(near);
    const Tensor latents = encode(*model_, seven, pool_);
    EXPECT_EQ(copy(latents.row(i - first)), copy(all.row(i))) << "latent vector of image " << i;
    EXPECT_EQ(copy(decode(*model_, latents, pool_, seven.labels()).row(i - first)),
              copy(all_back.row(i)));
  }
}

TEST_P(ModelContract, ALatentVectorDoesNotDependOnWhatAWorkspaceDidBefore) {
  const Images some = images(), others = images(8, 2);
  Tensor fresh({3, GetParam().latent_dim}), used({3, GetParam().latent_dim});
  const auto clean = model_->make_workspace();
  model_->encode(*clean, fresh, some.chunk(0, 3, false));
  Sum sum(*model_);
  train(sum, others.noisy(), all_parts());
  model_->encode(*workspace_, used, some.chunk(0, 3, false));
  EXPECT_EQ(copy(used.span()), copy(fresh.span()));
}

TEST_P(ModelContract, NewParametersTakeEffectWithPrepare) {
  const Images some = images();
  const auto other = GetParam().make(1234);
  const double before = loss(some.clean()).part[0];
  std::ranges::copy(other->parameters(), model_->parameters().begin());
  model_->prepare();
  const Tensor latents = encode(*model_, some.source(), pool_);
  EXPECT_EQ(copy(latents.span()), copy(encode(*other, some.source(), pool_).span()));
  EXPECT_EQ(copy(decode(*model_, latents, pool_, some.labels).span()),
            copy(decode(*other, latents, pool_, some.labels).span()));
  EXPECT_NE(loss(some.clean()).part[0], before);
}

}  // namespace
}  // namespace hourglass
