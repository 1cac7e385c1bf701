// A training run with its files: a new or a resumed one, saved after every epoch and when it is
// stopped. Its name: see run_names.h.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/data/split_record.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/record_file.h"
#include "hourglass/train/run_names.h"
#include "hourglass/train/run_observer.h"
#include "hourglass/train/run_state.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// What a run's record says beside its settings.
struct RunFacts {
  DataOrigin data = {};
  bool figures = false;                   // drawn after epoch 1, every fifth and the last
  std::optional<SplitRecord> split = {};  // of images of the user's own: kept beside the checkpoint
};

/// Completes the files of a run whose epochs are all done: the record, if there is one, says so,
/// and a state that no run can extend is removed.
void finish_record(const RunPaths& paths, std::optional<RecordFile>& record, bool extendable);

class Run : private TrainObserver {
 public:
  /// Removes incomplete files of a killed run and, for StartMode::resume, fills the model from the
  /// saved state. Nothing else is written before the first epoch ends or the run is stopped. Throws
  /// Error if the flags would change a resumed run.
  Run(Model& model, const Dataset& data, const RowSource& validation, const TrainOptions& options,
      ClaimedRun claim, const RunFacts& facts, ThreadPool& pool);

  /// Messages for the user about the start: its name, where the run continues.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Draws the figures that are due, trains, saves after each epoch, and then calls the watcher.
  /// Returns true when all epochs are done, or `patience` ends the run; false when the watcher
  /// asked to stop. The state is then saved, also within an epoch, except within the first epoch of
  /// a run that replaces another: then nothing is changed. Throws Error if a file cannot be
  /// written, and says whether and from where the run can be resumed; the last checkpoint stays
  /// complete.
  bool train(RunObserver& watcher);

  /// All files written so far.
  const std::vector<std::filesystem::path>& written() const { return written_; }
  const TrainPosition& position() const { return trainer_.position(); }
  const RunPaths& paths() const { return paths_; }
  /// Whether `patience` ended it.
  bool stopped_early() const;
  /// Whether anything of this run is saved.
  bool saved() const { return saved_.has_value(); }

 private:
  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override;
  void on_epoch(const EpochResult& result) override;
  bool stop_requested() override;

  void resume();
  void draw_due();
  void draw(const Model& model, const EpochResult& result);
  bool figures_due_at(std::int64_t epoch) const;
  void save_epoch(const EpochResult& result);
  void save_stop();
  void save_state();
  void save_record();
  void finish();
  /// Puts the first file of this run in the place of the old run's. At every moment a complete
  /// checkpoint has its name.
  void replace_old_run(const CheckpointFacts& facts);
  /// Throws Error if the folder is gone or another process has taken the lock.
  void keep_lock();
  /// Calls save() and adds the remedy to an Error that it throws.
  template <typename Save>
  void saving(const Save& save);
  void note_written(const std::filesystem::path& path);

  Model& model_;
  const Dataset& data_;
  RunIdentity identity_;
  ClaimedRun claim_;
  RunPaths paths_;
  Trainer trainer_;
  RunObserver* watcher_ = nullptr;
  RecordFile record_;
  std::optional<SplitRecord> split_;
  bool record_saved_ = false;  // by this process
  bool old_run_here_ = false;  // files of another run have the paths of this one
  double best_validation_ = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch_ = 0;
  std::string kernels_;                 // of the run, including those it began with
  std::optional<TrainPosition> saved_;  // where --resume would continue
  std::vector<std::string> notes_;
  std::vector<std::filesystem::path> written_;
};

}  // namespace hourglass
