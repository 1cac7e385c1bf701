// A run small enough for tests, and its files.
#pragma once

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hourglass/base/file.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/open.h"
#include "hourglass/data/strokes.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run.h"

namespace hourglass {

/// 60 strokes to train on, 20 to test.
inline Dataset small_data(std::uint64_t seed = 1) {
  Dataset data;
  data.name = "strokes";
  data.shape = strokes_shape();
  data.class_names = strokes_class_names();
  data.train = make_strokes(60, seed);
  data.test = make_strokes(20, seed + 1);
  data.sha256 = dataset_sha256(data);
  return data;
}

/// Asks to stop after this number of steps, counted over epochs; never if 0.
class StopAfter : public RunObserver {
 public:
  explicit StopAfter(std::int64_t steps = 0) : steps_(steps) {}
  void on_step(std::int64_t, std::int64_t, std::int64_t, double, double) override { ++taken_; }
  void on_epoch(const EpochResult& result) override { results.push_back(result); }
  bool stop_requested() override { return steps_ > 0 && taken_ >= steps_; }

  std::vector<EpochResult> results;

 private:
  std::int64_t steps_, taken_ = 0;
};

/// The options of a small run: latent dimension 5, batches of 16.
struct SmallRun {
  Dataset data = small_data();
  RowSource validation;
  TrainOptions options{.epochs = 3, .batch_size = 16, .learning_rate = 1e-3, .seed = 4};
  std::string kind = "AE";
  std::int64_t latent_dim = 5;
  OptionValues model_options = {};
  int threads = 2;
  std::filesystem::path out;

  std::string name = {};
  bool figures = false;

  RunPaths paths() const { return run_paths(out, kind, data.name, latent_dim, name); }
  std::unique_ptr<Model> make() const {
    return make_model(kind, data.shape, {latent_dim, model_options, data.classes()}, options.seed);
  }
  RunIdentity identity() const {
    return {make()->describe().dump(), data.sha256, options, validation.count()};
  }
  ClaimedRun claim(StartMode mode) const {
    return claim_run(
        {paths(), !name.empty(), mode, [this](const RunIdentity*) { return identity(); }});
  }
  /// True when all epochs are done.
  bool go(StartMode mode, RunObserver& observer) const {
    const auto model = make();
    ThreadPool pool(threads);
    Run run(*model, data, validation, options, claim(mode), {{}, figures}, pool);
    return run.train(observer);
  }
  bool go(StartMode mode, std::int64_t stop_after = 0) const {
    StopAfter observer(stop_after);
    return go(mode, observer);
  }
};

/// The weights' hashes in a metrics log.
inline std::vector<std::string> hashes(const std::filesystem::path& metrics) {
  std::vector<std::string> all;
  for (const EpochResult& line : read_metrics(metrics)) all.push_back(line.weights_sha256);
  return all;
}

inline void expect_same_files(const RunPaths& a, const RunPaths& b) {
  EXPECT_EQ(read_file(a.checkpoint), read_file(b.checkpoint));
  EXPECT_EQ(std::filesystem::exists(a.state), std::filesystem::exists(b.state));
  if (std::filesystem::exists(a.state)) {
    EXPECT_EQ(read_file(a.state), read_file(b.state));
  }
  EXPECT_EQ(hashes(a.metrics), hashes(b.metrics));
  EXPECT_EQ(std::filesystem::exists(a.best), std::filesystem::exists(b.best));
  if (std::filesystem::exists(a.best)) {
    EXPECT_EQ(read_file(a.best), read_file(b.best));
  }
}

}  // namespace hourglass
