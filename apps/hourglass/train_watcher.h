// What a person sees of a run while it trains: a table of its epochs, a bar on a terminal. Draws
// the figures and writes the log for TensorBoard.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/progress.h"
#include "hourglass/data/dataset.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/lab/tensorboard_log.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/run_observer.h"

namespace hourglass::cli {

/// Seconds as "12:34" or "1:02:03"; "" if they are not known.
std::string duration_text(std::optional<double> seconds);

struct Watched {
  const Dataset& data;
  TrainOptions options;
  FigureFolder folder;
  std::optional<double> pca_mse;  // stands beside the errors
  bool quiet = false;
  TensorBoardLog* log = nullptr;     // may be null
  std::vector<EpochResult> earlier;  // of a resumed run
  /// Draws the figure of the losses; returns its paths. May be empty.
  std::function<std::vector<std::filesystem::path>()> draw_loss = {};
};

class Watcher : public RunObserver {
 public:
  Watcher(Watched run, ThreadPool& pool);

  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override;
  void before_save(const EpochResult& r) override;
  void before_stop() override;
  void on_epoch(const EpochResult& r) override;
  bool draw_figures(const Model& model, const EpochResult& r) override;
  /// Keeps the model beside the epoch's map: the explorer decodes with it. Returns whether it is
  /// there.
  bool keep_model(const Model& model, const EpochResult& r);
  void before_finish() override;
  void on_replaced() override;
  bool stop_requested() override;

  /// Draws figures by f(), which returns their paths; twice if need be, since their model is gone
  /// after the next epoch and a disk may fail once. A second error is a note and is kept for the
  /// end of the run; returns whether there was none.
  template <typename Draw>
  bool draw(const std::string& what, const Draw& f) {
    for (const bool last : {false, true}) {
      try {
        const std::vector<std::filesystem::path> drawn = f();
        written_.insert(written_.end(), drawn.begin(), drawn.end());
        return true;
      } catch (const Error& error) {
        if (last) failed(what, error);
      }
    }
    return false;
  }

  const std::vector<std::filesystem::path>& written() const { return written_; }
  /// "figure recon of epoch 5: why", of the first that could not be drawn; "" if all were.
  const std::string& first_failure() const { return first_failure_; }

 private:
  void failed(const std::string& what, const Error& error);
  CheckpointFacts facts_of(const EpochResult& r) const;
  /// Of the whole run, at this epoch and a share of the next.
  std::optional<double> seconds_left(double epochs_done) const;

  Watched run_;
  ThreadPool& pool_;
  std::unique_ptr<Progress> bar_;
  bool header_printed_ = false;
  double smallest_error_;                // that chooses the best epoch
  std::optional<double> first_seconds_;  // the time of the first step here
  double first_epochs_ = 0.0;            // done at that time
  std::vector<std::filesystem::path> written_;
  std::string first_failure_;
};

}  // namespace hourglass::cli
