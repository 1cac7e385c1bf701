// The explorer does what the model does, for every kind that the contract knows.
#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/explore/explore_cases_test.h"

namespace hourglass {
namespace {

using testing::ElementsAreArray;

class ExploreEveryKind : public testing::TestWithParam<ContractCase> {
 protected:
  ExploreEveryKind()
      : model(GetParam().make(6)),
        pack(made_pack(40, model->latent_dim(), model->image_shape().pixels())),
        bytes(pack.bytes()),
        explorer(bytes) {
    explorer.set_model(checkpoint_of(*model));
  }

  /// Labels for `n` rows, if the model takes them.
  std::vector<std::int64_t> labels(std::int64_t n) const {
    std::vector<std::int64_t> all;
    if (model->config().classes == 0) return all;
    for (std::int64_t i = 0; i < n; ++i) all.push_back(i % 3);
    return all;
  }

  std::unique_ptr<Model> model;
  MadePack pack;
  std::vector<std::uint8_t> bytes;
  Explorer explorer;
  ThreadPool pool{1};
};

TEST_P(ExploreEveryKind, DecodesAndEncodesAsTheModelDoes) {
  const Tensor latents = random_rows(11, model->latent_dim(), 3);
  EXPECT_THAT(explorer.decode(latents, labels(11)).span(),
              ElementsAreArray(decode(*model, latents, pool, labels(11)).span()));
  const Tensor images = random_rows(11, model->image_shape().pixels(), 4);
  EXPECT_THAT(
      explorer.encode(images, labels(11)).span(),
      ElementsAreArray(encode(*model, float_rows(images.clone(), labels(11)), pool).span()));
}

TEST_P(ExploreEveryKind, ShowsTheImageOfAPositionOfTheMap) {
  const Blend blend = explorer.blend(0.4f, 0.6f, 2);
  EXPECT_THAT(
      blend.image.span(),
      ElementsAreArray(decode(*model, blend.latent, pool, std::vector<std::int64_t>{2}).span()));
}

TEST_P(ExploreEveryKind, ShowsAnotherEpochByThatEpochsModel) {
  const auto early = GetParam().make(7);
  EXPECT_TRUE(explorer.show(0, checkpoint_of(*early)));
  const RowSource images = float_rows(images_of(pack), wide(pack.labels));
  const Tensor latents = encode(*early, images, pool);
  const Blend blend = explorer.blend(0.4f, 0.6f, 1);

  const UmapModel mapped = as_umap(latents, pack.maps[0]);
  Tensor position({1, 2});
  position[0] = 0.4f, position[1] = 0.6f;
  EXPECT_THAT(blend.latent.span(),
              ElementsAreArray(inverse_transform(mapped, position, pool).span()));
  EXPECT_THAT(
      blend.image.span(),
      ElementsAreArray(decode(*early, blend.latent, pool, std::vector<std::int64_t>{1}).span()));
  EXPECT_THAT(explorer.place(latents).span(), ElementsAreArray(pack.maps[0].span()));
  EXPECT_TRUE(explorer.show(1));
  EXPECT_THAT(explorer.place(pack.latents).span(), ElementsAreArray(pack.maps[1].span()));
}

TEST_P(ExploreEveryKind, NeedsLabelsWhereTheModelDoesAndThenSaysSo) {
  const bool takes_labels = model->config().classes > 0;
  const std::string complaint =
      message_of([&] { explorer.decode(random_rows(1, model->latent_dim(), 3)); });
  EXPECT_EQ(complaint.find("takes a label") != std::string::npos, takes_labels) << complaint;
  EXPECT_THAT(explorer.blend(0.4f, 0.6f).image.span(), testing::Not(testing::IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(Kinds, ExploreEveryKind, testing::ValuesIn(contract_cases()),
                         name_of_case);

}  // namespace
}  // namespace hourglass
