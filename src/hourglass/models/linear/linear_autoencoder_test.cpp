// Properties of linear autoencoders beyond the contract.
#include <gmock/gmock.h>

#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

TEST(LinearAutoencoder, ReconstructionsAreCutToZeroAndOneAndTheLossIsThatOfTheLineBefore) {
  const auto model = make_model("linear", {1, 8, 8}, {.latent_dim = 1}, 0);
  // Latent z = the first pixel - 0.5; the image is z in every even pixel, 4 z in every odd one.
  std::vector<float> state(64 + 1 + 64 + 64);
  state[0] = 1.0f;
  state[64] = -0.5f;
  for (std::size_t i = 0; i < 64; ++i) state[65 + i] = i % 2 == 0 ? 1.0f : 4.0f;
  model->parameter_list().from_state(model->parameters(), state);
  model->prepare();
  Tensor image({2, 64});
  image.row(0)[0] = 1.0f;
  ThreadPool pool(1);
  const Tensor latents = encode(*model, image, pool);
  EXPECT_THAT(latents.span(), testing::ElementsAre(0.5f, -0.5f));
  const Tensor back = decode(*model, latents, pool);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_EQ(back.row(0)[i], i % 2 == 0 ? 0.5f : 1.0f) << i;
    EXPECT_EQ(back.row(1)[i], 0.0f) << i;
  }
  const auto workspace = model->make_workspace();
  // The second image is black: the loss uses the unclipped outputs -0.5 and -2.
  EXPECT_DOUBLE_EQ(model->loss(*workspace, {image.view().rows(1, 2)}).part[0], (0.25 + 4.0) / 2);
}

}  // namespace
}  // namespace hourglass
