// A training run with its files: started anew or gone on with, saved after every epoch and when it
// is stopped.
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

/// Where a run leaves its files below --out. Runs stand side by side by dataset, latent size and
/// name.
struct RunPaths {
  std::filesystem::path checkpoint;  // models/AE/mnist_32[_NAME].safetensors
  std::filesystem::path
      best;  // ... .best.safetensors, with --validation: at its smallest validation error
  std::filesystem::path
      previous;  // ... .previous.safetensors: of the finished run that was here before
  std::filesystem::path state;    // ... .resume.safetensors
  std::filesystem::path metrics;  // ... .metrics.jsonl
  std::filesystem::path lock;     // ... .lock, while the run goes on
  std::filesystem::path figures;  // visu/mnist_autoencoder[_NAME]/, by kind
};

/// `name` may be empty; otherwise letters, digits, '-', '_' and '.', and not the ending of another
/// file of a run, as `.best` is. Throws Error for others.
RunPaths run_paths(const std::filesystem::path& out, std::string_view model,
                   const std::string& dataset, std::int64_t latent_dim, const std::string& name);

enum class StartMode {
  fresh,      // refuses where an unfinished run lies
  overwrite,  // starts anew whatever lies there
  resume,     // goes on where the run there stopped
};

class Run : private TrainObserver {
 public:
  /// Makes the folder, holds the run's place in it against other processes until destruction and,
  /// for StartMode::resume, fills the model from the saved state. Nothing else is written before
  /// the first epoch ends or the run is stopped; halves of files that a killed run left are
  /// removed. Throws Error as described by StartMode, where the flags would change a resumed run,
  /// or if another process trains there.
  Run(Model& model, const Dataset& data, const RowSource& validation, const TrainOptions& options,
      const RunPaths& paths, StartMode mode, ThreadPool& pool);

  /// What a person should know of the start, a sentence each: where it goes on from, what is kept.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Trains, saving as it goes, and calls the watcher after each save. True when all epochs are
  /// done, false when the watcher asked to stop; then the state is saved, in the midst of an epoch
  /// too. Throws Error where something cannot be saved, saying whether and from where the run can
  /// go on; the checkpoint before stays whole.
  bool train(TrainObserver& watcher);

  /// Every file it has written so far.
  const std::vector<std::filesystem::path>& written() const { return written_; }
  const TrainPosition& position() const { return trainer_.position(); }

 private:
  void on_step(std::int64_t epoch, std::int64_t images_done, std::int64_t images, double loss,
               double images_per_second) override;
  void on_epoch(const EpochResult& result) override;
  bool stop_requested() override;

  /// Writes a file of the run by write(path). What an old run left in these places is set aside by
  /// the first, once it is whole: until then a full disk costs nothing.
  template <typename Write>
  void put(const std::filesystem::path& place, const Write& write);
  void set_old_run_aside(const std::filesystem::path& staged, const std::filesystem::path& place);
  void keep_as_previous();
  void save_epoch(const EpochResult& result);
  void save_state();
  /// Throws Error where the folder is gone or another process has taken the run's place.
  void keep_place();
  /// Calls save(); what it throws gains the remedy.
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
  bool old_run_here_ = false;           // files of another run lie in this one's places
  bool keeps_previous_ = true;          // whether its checkpoint is worth the place of .previous
  std::string kernels_;                 // of the run, those it began with included
  std::optional<TrainPosition> saved_;  // where --resume would go on from
  std::vector<std::string> notes_;
  std::vector<std::filesystem::path> written_;
};

}  // namespace hourglass
