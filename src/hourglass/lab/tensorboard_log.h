// The metrics of a run as event files, which TensorBoard can show during training.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hourglass/interop/event_file.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// What names the folder of a run and lets a resumed run find it.
struct LoggedRun {
  std::string name;      // of its folder: "mnist_32"
  std::string identity;  // everything that its results depend on
  std::int64_t images = 0;
  std::int64_t batch_size = 0;
  TrainPosition start;               // where it starts or resumes
  std::vector<EpochResult> earlier;  // the epochs before
  bool resumed = false;
};

/// DIR/NAME has a point per epoch for each metric of the metrics log; DIR/NAME/steps has, by step,
/// the mean loss since the last point. If DIR/NAME exists, a new run takes DIR/NAME.2 and so on; a
/// resumed run takes its own. Nothing is written before the first epoch ends or the run is stopped.
class TensorBoardLog {
 public:
  /// Makes DIR. Throws Error if it cannot be written to.
  TensorBoardLog(std::filesystem::path dir, LoggedRun run);

  /// As in TrainObserver; on_step() allocates nothing.
  void on_step(std::int64_t epoch, std::int64_t images_done, double loss);
  void on_epoch(const EpochResult& result);
  /// Writes the steps of an epoch that was stopped.
  void stop();

  const std::vector<std::filesystem::path>& written() const { return written_; }

 private:
  void open();
  void add(const EpochResult& result);
  void add_steps();

  std::filesystem::path dir_;
  LoggedRun run_;
  std::int64_t steps_per_epoch_;
  std::int64_t stride_;    // steps from one point to the next
  std::int64_t seen_ = 0;  // images of the epoch up to the last point
  double loss_sum_ = 0.0;  // of those images
  struct Point {
    double wall_time;
    std::int64_t step;  // from the run's start
    double loss;
  };
  std::vector<Point> points_;
  std::unique_ptr<EventFile> epochs_, steps_;
  std::vector<std::filesystem::path> written_;
};

}  // namespace hourglass
