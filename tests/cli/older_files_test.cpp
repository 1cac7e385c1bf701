// Files of every format of a released version are read and give the same results:
// tests/golden/files_N, recorded by record_files.py with the first version of format N. Kernel sets
// and versions may round differently, so numbers agree, but bits need not.

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "hourglass/interop/npy.h"
#include "hourglass/train/metrics_log.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

class OlderFiles : public CommandLine, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    const char* source = std::getenv("HOURGLASS_SOURCE_DIR");
    if (source == nullptr) GTEST_SKIP() << "older files: HOURGLASS_SOURCE_DIR names no checkout";
    golden = fs::path(source) / "tests/golden" / ("files_" + std::to_string(GetParam()));
  }
  Outcome run_well(Words words) {
    Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome;
  }
  std::string file(const char* name) const { return (golden / name).string(); }

  /// The numbers of a file that is written here agree with those of the recorded file.
  void expect_numbers(const char* written, const char* recorded, double tolerance) {
    const std::vector<double> here = read_npy(folder / written).doubles();
    const std::vector<double> then = read_npy(golden / recorded).doubles();
    ASSERT_EQ(here.size(), then.size());
    ASSERT_FALSE(here.empty());
    for (std::size_t i = 0; i < here.size(); ++i) EXPECT_NEAR(here[i], then[i], tolerance) << i;
  }

  fs::path golden;
};

TEST_P(OlderFiles, ACheckpointMeasuresAndEncodesAsItDid) {
  const auto then = nlohmann::json::parse(text_of(golden / "expected/eval.json"));
  const auto here = nlohmann::json::parse(
      run_well({"eval", file("mnist_1.safetensors"), "--data_dir", file("data"), "--json"}).out);
  for (const char* key : {"mse", "psnr", "pca_mse", "mean_image_mse", "latent_norm_mean"}) {
    EXPECT_NEAR(here.at(key).get<double>() / then.at(key).get<double>(), 1.0, 1e-4) << key;
  }
  EXPECT_EQ(here.at("checkpoint_sha256"), then.at("checkpoint_sha256"));
  run_well({"encode", file("mnist_1.safetensors"), "--data_dir", file("data"), "-o", "Z.npy"});
  expect_numbers("Z.npy", "expected/codes.npy", 1e-5);  // latents are about 0.3
}

TEST_P(OlderFiles, ARunGoesOnAsItDid) {
  for (const char* name :
       {"mnist_1.safetensors", "mnist_1.resume.safetensors", "mnist_1.metrics.jsonl"}) {
    fs::create_directories(folder / "models/AE");
    fs::copy(golden / name, folder / "models/AE" / name);
  }
  run_well({"train", "--dataset", "mnist", "--data_dir", file("data"), "--latent_dim", "1",
            "--batch_size", "16", "--epochs", "3", "--validation", "4", "--seed", "3", "--resume"});
  const auto then = read_metrics(golden / "expected/resumed.metrics.jsonl");
  const auto here = read_metrics(folder / "models/AE/mnist_1.metrics.jsonl");
  ASSERT_EQ(here.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    // Other kernels round differently, but an epoch has few steps.
    EXPECT_NEAR(here[i].train_loss / then[i].train_loss, 1.0, 1e-3) << i;
    EXPECT_NEAR(here[i].test_mse / then[i].test_mse, 1.0, 1e-3) << i;
  }
  EXPECT_EQ(here[1].weights_sha256, then[1].weights_sha256);
}

TEST_P(OlderFiles, SavedProjectionsMapRowsAsTheyDid) {
  for (const char* kind : {"pca", "umap"}) {
    const std::string saved = file((std::string(kind) + ".safetensors").c_str());
    run_well({"project", "apply", saved, file("rows.npy"), "-o", std::string(kind) + ".npy"});
  }
  expect_numbers("pca.npy", "expected/pca.npy", 1e-6);
  expect_numbers("umap.npy", "expected/umap.npy", 1e-4);  // maps are about 10 wide
}

INSTANTIATE_TEST_SUITE_P(Format, OlderFiles, testing::Values(1), testing::PrintToStringParamName());

}  // namespace
}  // namespace hourglass
