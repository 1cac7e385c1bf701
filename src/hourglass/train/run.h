// A training run with its files: a new or a resumed one, saved after every epoch and when it is
// stopped.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/lock.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/run_state.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// Paths of a run's files below --out; they differ by data set, latent dimension and name.
struct RunPaths {
  std::filesystem::path checkpoint;  // models/AE/mnist_32[_NAME].safetensors
  std::filesystem::path
      best;  // ... .best.safetensors, with --validation: at its smallest validation error
  std::filesystem::path
      previous;  // ... .previous.safetensors: of the finished run that was here before
  std::filesystem::path state;    // ... .resume.safetensors
  std::filesystem::path metrics;  // ... .metrics.jsonl
  std::filesystem::path lock;     // ... .lock, during the run
  std::filesystem::path figures;  // visu/mnist_autoencoder[_NAME]/, by kind
};

/// `name` may be empty; otherwise it has letters, digits, '-', '_' and '.', and does not end like
/// another file of a run, as `.best`. Throws Error otherwise.
RunPaths run_paths(const std::filesystem::path& out, std::string_view model,
                   const std::string& dataset, std::int64_t latent_dim, const std::string& name);

enum class StartMode {
  fresh,      // refuses if there is an unfinished run
  overwrite,  // starts a new run in any case
  resume,     // continues the run that is there
};

class Run : private TrainObserver {
 public:
  /// Makes the folder, locks the run's files against other processes until destruction, removes
  /// incomplete files of a killed run and, for StartMode::resume, fills the model from the saved
  /// state. Nothing else is written before the first epoch ends or the run is stopped. Throws Error
  /// as described by StartMode, if the flags would change a resumed run, or if another process
  /// trains there.
  Run(Model& model, const Dataset& data, const RowSource& validation, const TrainOptions& options,
      const RunPaths& paths, StartMode mode, ThreadPool& pool);

  /// Messages for the user about the start: where the run continues, what is kept.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Trains, saves after each epoch, and then calls the watcher. Returns true when all epochs are
  /// done, false when the watcher asked to stop; the state is then saved, also within an epoch.
  /// Throws Error if a file cannot be written, and says whether and from where the run can be
  /// resumed; the last checkpoint stays complete.
  bool train(TrainObserver& watcher);

  /// All files written so far.
  const std::vector<std::filesystem::path>& written() const { return written_; }
  const TrainPosition& position() const { return trainer_.position(); }

 private:
  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override;
  void on_epoch(const EpochResult& result) override;
  bool stop_requested() override;

  /// Writes a file of the run by write(path). The files of an old run are set aside when the first
  /// new file is complete: a full disk before that loses nothing.
  template <typename Write>
  void put(const std::filesystem::path& path, const Write& write);
  void set_old_run_aside(const std::filesystem::path& staged, const std::filesystem::path& path);
  void keep_as_previous();
  void save_epoch(const EpochResult& result);
  void save_state();
  /// Throws Error if the folder is gone or another process has taken the lock.
  void keep_lock();
  /// Calls save() and adds the remedy to an Error that it throws.
  template <typename Save>
  void saving(const Save& save);
  void note_written(const std::filesystem::path& path);

  Model& model_;
  const Dataset& data_;
  RunIdentity identity_;
  RunPaths paths_;
  FileLock lock_;
  Trainer trainer_;
  TrainObserver* watcher_ = nullptr;
  double best_validation_ = std::numeric_limits<double>::infinity();
  bool old_run_here_ = false;           // files of another run have the paths of this one
  bool keeps_previous_ = true;          // whether its checkpoint becomes .previous
  std::string kernels_;                 // of the run, including those it began with
  std::optional<TrainPosition> saved_;  // where --resume would continue
  std::vector<std::string> notes_;
  std::vector<std::filesystem::path> written_;
};

}  // namespace hourglass
