// A checkpoint for small images with random parameters, and a folder for its files. Not the tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/base/random.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"

namespace hourglass {

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest()
      : folder(std::filesystem::path(testing::TempDir()) /
               fmt::format("hourglass_exchange_{}", getpid())) {
    make_folder(folder);
  }
  ~ExchangeTest() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

/// Scales and shifts of norms are random too; in a new model they are 1 and 0.
inline Checkpoint made_checkpoint(std::string_view kind, const ImageShape& shape,
                                  const ModelOptions& options) {
  Checkpoint checkpoint;
  checkpoint.model = make_model(kind, shape, options, 3);
  Rng rng(4, 0);
  std::vector<float> state(
      static_cast<std::size_t>(checkpoint.model->parameter_list().state_count()));
  for (float& x : state) x = static_cast<float>(rng.uniform(-0.2, 0.25));
  checkpoint.model->parameter_list().from_state(checkpoint.model->parameters(), state);
  checkpoint.model->prepare();
  checkpoint.facts.dataset = "mnist";
  return checkpoint;
}

inline Checkpoint made_checkpoint(const ImageShape& shape, std::int64_t latent_dim) {
  return made_checkpoint("AE", shape, {latent_dim});
}

}  // namespace hourglass
