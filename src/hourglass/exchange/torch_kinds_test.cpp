// Exports models of every kind as .pth and imports them again. Other tests of import:
// torch_test.cpp.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/exchange/made_model_test.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/contract_cases_test.h"

namespace hourglass {
namespace {

class TorchOfEveryKind : public ExchangeTest, public testing::WithParamInterface<ContractCase> {};
INSTANTIATE_TEST_SUITE_P(, TorchOfEveryKind, testing::ValuesIn(contract_cases()), name_of_case);

TEST_P(TorchOfEveryKind, WhatWasExportedIsTheSameModelInEitherOrder) {
  const ContractCase& c = GetParam();
  const Checkpoint made = made_checkpoint(c.kind, c.shape, c.model_options());
  auto files = export_torch(made, folder);
  ASSERT_EQ(files.size(), 2u);
  for (int order = 0; order < 2; ++order) {
    const Checkpoint again =
        import_checkpoint(files, ImageSize{c.shape.height, c.shape.width}).checkpoint;
    EXPECT_EQ(weights_sha256(*again.model), weights_sha256(*made.model));
    // Parameters determine what a model computes, not how it was trained.
    nlohmann::json expected = made.model->describe();
    for (const char* of_training : {"corruption", "noise"}) {
      if (expected.contains("options")) expected["options"].erase(of_training);
    }
    if (expected.contains("options") && expected["options"].empty()) expected.erase("options");
    EXPECT_EQ(again.model->describe(), expected);
    std::swap(files[0], files[1]);
  }
}

using TorchTest = ExchangeTest;

TEST_F(TorchTest, ResidualBlocksHavePyTorchsNames) {
  const ModelOptions residual{.latent_dim = 3, .options = {{"residual", true}}};
  const auto files = export_torch(made_checkpoint("AE", {1, 8, 8}, residual), folder);
  std::vector<std::string> names;
  for (const auto& named : read_torch(files[0])) names.push_back(named.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"conv1.weight", "gn1.bias", "res1.conv1.weight",
                                            "res1.conv1.bias", "res1.gn1.weight",
                                            "res2.conv2.weight", "res2.gn2.bias"}));
  names.clear();
  for (const auto& named : read_torch(files[1])) names.push_back(named.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"deconv1.weight", "res1.conv1.weight"}));
}

/// [height, width, 1] to a larger size, by the edge pixels on the right and below.
std::vector<float> edge_padded(std::span<const float> image, ImageSize from, ImageSize to) {
  std::vector<float> padded;
  for (std::int64_t y = 0; y < to.height; ++y) {
    for (std::int64_t x = 0; x < to.width; ++x) {
      const std::int64_t at =
          std::min(y, from.height - 1) * from.width + std::min(x, from.width - 1);
      padded.push_back(image[static_cast<std::size_t>(at)]);
    }
  }
  return padded;
}

TEST_F(TorchTest, PaddingAsTheNoteSaysGivesTheSameLatentsAndReconstructions) {
  const ImageSize size{30, 27}, padded{32, 28};
  const Checkpoint made = made_checkpoint({1, 30, 27}, 3);
  EXPECT_EQ(padding_note(*made.model),
            "in PyTorch pad images x of 30 x 27 to 32 x 28 by torch.nn.functional.pad(x, (0, 1, 0, "
            "2), mode=\"replicate\"), and cut reconstructions y back to size by y[..., :30, :27]");
  EXPECT_EQ(made.model->padded_size(), padded);
  // PyTorch's model is that of the padded size with the same parameters.
  const Checkpoint theirs = import_checkpoint(export_torch(made, folder), padded).checkpoint;
  EXPECT_EQ(padding_note(*theirs.model), "");
  Tensor image({1, 30 * 27}), large({1, 32 * 28});
  Rng rng(1, 0);
  for (float& x : image.span()) x = static_cast<float>(rng.uniform());
  std::ranges::copy(edge_padded(image.span(), size, padded), large.data());
  ThreadPool pool(1);
  const Tensor latents = encode(*made.model, image.clone(), pool);
  EXPECT_THAT(encode(*theirs.model, large.clone(), pool).span(),
              testing::ElementsAreArray(latents.span()));
  const Tensor ours = decode(*made.model, latents, pool),
               cut_from = decode(*theirs.model, latents, pool);
  for (std::int64_t y = 0; y < 30; ++y) {
    for (std::int64_t x = 0; x < 27; ++x) {
      ASSERT_EQ(ours[y * 27 + x], cut_from[y * 28 + x]) << y << ", " << x;
    }
  }
}

}  // namespace
}  // namespace hourglass
