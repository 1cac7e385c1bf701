// The training loop. It knows models, data and the optimiser; it draws nothing and writes no file.
// What should happen beside it hangs on a TrainObserver.
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

/// Where a run stands: between two steps.
struct TrainPosition {
  std::int64_t epochs_done = 0;
  std::int64_t step = 0;  // steps taken in the epoch under way
  double loss_sum = 0.0;  // of the images seen in it
  LossParts parts = {};   // likewise, by part
  double seconds = 0.0;   // that this epoch's steps took; of no consequence for the bits
};

/// One finished epoch, as the metrics log has it.
struct EpochResult {
  std::int64_t epoch = 0;   // from 1
  double train_loss = 0.0;  // mean over images of the epoch's losses
  double test_mse = 0.0;
  double psnr = 0.0;
  std::optional<double> validation_mse;  // the model's first metric, on images held out
  std::optional<double> learning_rate;   // of its last step; logs of old versions lack it
  double seconds = 0.0;                  // of the whole epoch, with its tests
  double images_per_second = 0.0;  // of training alone; of a resumed epoch, since it was resumed
  std::string weights_sha256;
  std::vector<Score> loss_parts = {};  // means of the loss's parts, where it has several
  std::vector<Score> metrics = {};     // what the model is measured by beside mse and psnr
};

class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// After each step; allocate nothing here. `loss` is the mean over the epoch so far.
  virtual void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images,
                       double loss, double images_per_second) = 0;
  /// After each epoch: the model may be looked at and saved.
  virtual void on_epoch(const EpochResult& result) = 0;
  /// Asked after each step; true ends run() there.
  virtual bool stop_requested() = 0;
};

class Trainer {
 public:
  /// Bytes that a run on these images takes at its peak: model, data and saving included; about.
  static std::int64_t bytes(const Model& model, const Dataset& data, const RowSource& validation,
                            const TrainOptions& options, int threads);

  /// `validation` may be empty; `data.train` is what is trained on. All are borrowed.
  Trainer(Model& model, const Dataset& data, const RowSource& validation,
          const TrainOptions& options, ThreadPool& pool);

  /// Trains until all epochs are done (true) or the observer asks to stop (false). Throws Error
  /// when a loss is no longer finite, naming epoch and step.
  bool run(TrainObserver& observer);

  const TrainPosition& position() const { return position_; }
  Adam& adam() { return stepper_.adam(); }
  /// Goes on from there; model and adam() have to be as they were.
  void resume(const TrainPosition& position) { position_ = position; }

 private:
  /// Returns images a second, or nothing if it was asked to stop.
  std::optional<double> train_epoch(TrainObserver& observer);
  /// Both of step `step` of the epoch under way.
  double progress(std::int64_t step) const;
  double learning_rate(std::int64_t step) const;
  std::int64_t steps_per_epoch() const;
  EpochResult finish_epoch();

  Model& model_;
  const Dataset& data_;
  const RowSource& validation_;
  TrainOptions options_;
  ThreadPool& pool_;
  Stepper stepper_;
  std::vector<std::int64_t> order_;
  TrainPosition position_;
};

}  // namespace hourglass
