// The training loop over models, data and the optimiser. Draws nothing and writes no file: a
// TrainObserver does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/model.h"
#include "hourglass/train/options.h"
#include "hourglass/train/stepper.h"

namespace hourglass {

/// The position of a run, between two steps.
struct TrainPosition {
  std::int64_t epochs_done = 0;
  std::int64_t step = 0;  // steps done in the current epoch
  double loss_sum = 0.0;  // over its images so far
  LossParts parts = {};   // likewise, by part
  double seconds = 0.0;   // of the steps of this epoch; has no effect on the bits
};

/// The results of one epoch, as in the metrics log.
struct EpochResult {
  std::int64_t epoch = 0;   // from 1
  double train_loss = 0.0;  // mean loss over the images of the epoch
  double test_mse = 0.0;
  double psnr = 0.0;
  std::optional<double> validation_mse;  // the model's first metric, on held-out images
  std::optional<double> learning_rate;   // of the last step; missing in logs of old versions
  double seconds = 0.0;                  // of the whole epoch, including its evaluation
  double images_per_second = 0.0;        // of training alone, since the last resume
  std::string weights_sha256;
  std::vector<Score> loss_parts = {};  // mean parts of the loss, if it has several
  std::vector<Score> metrics = {};     // of the model, beside mse and psnr
};

/// What happens beside training; every function may be left as it is.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// Called after each step; must not allocate. `loss` is the mean over the epoch so far.
  virtual void on_step(std::int64_t /*epoch*/, std::int64_t /*images_done*/,
                       std::int64_t /*images*/, double /*loss*/, double /*images_per_second*/) {}
  /// Called after each epoch; may read and save the model.
  virtual void on_epoch(const EpochResult& /*result*/) {}
  /// Called after each step; true ends run().
  virtual bool stop_requested() { return false; }

  /// Watches nothing and never stops.
  static TrainObserver& none();
};

class Trainer {
 public:
  /// The approximate peak memory of a run in bytes, including model, data and saving.
  static std::int64_t bytes(const Model& model, const Dataset& data, const RowSource& validation,
                            const TrainOptions& options, int threads);

  /// Trains on `data.train` and tests on `data.test` after each epoch, on `validation` too unless
  /// it is empty. The model and the pool are borrowed. Throws Error for options out of range, and
  /// for data that are not the model's: image size, labels.
  Trainer(Model& model, Dataset data, const TrainOptions& options, ThreadPool& pool,
          RowSource validation = {});

  /// Trains until all epochs are done (true) or the observer asks to stop (false). Throws Error
  /// with epoch and step if a loss is not finite.
  bool run(TrainObserver& observer = TrainObserver::none());

  const TrainPosition& position() const { return position_; }
  Adam& adam() { return stepper_.adam(); }
  /// Continues from `position`; model and adam() must have their state of that time.
  void resume(const TrainPosition& position);

 private:
  /// Returns images per second, or nullopt if it was stopped.
  std::optional<double> train_epoch(TrainObserver& observer);
  /// Of step `step` of the current epoch.
  double progress(std::int64_t step) const;
  double learning_rate(std::int64_t step) const;
  std::int64_t steps_per_epoch() const;
  EpochResult finish_epoch();

  Model& model_;
  const Dataset data_;
  const RowSource validation_;
  TrainOptions options_;
  ThreadPool& pool_;
  Stepper stepper_;
  std::vector<std::int64_t> order_;
  TrainPosition position_;
};

}  // namespace hourglass
