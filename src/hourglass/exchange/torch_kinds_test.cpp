// Exports models of every kind as .pth and imports them again. Other tests of import:
// torch_test.cpp.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/exchange/made_model_test.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/interop/torch_file.h"
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
    const Checkpoint again = import_checkpoint(files, ImageSize{c.shape.height, c.shape.width});
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

}  // namespace
}  // namespace hourglass
