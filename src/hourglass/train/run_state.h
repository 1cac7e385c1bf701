// The state of a run, from which it is resumed bit for bit: a safetensors file beside the
// checkpoint.
#pragma once

#include <filesystem>
#include <string>

#include "hourglass/interop/safetensors.h"
#include "hourglass/models/model.h"
#include "hourglass/nn/adam.h"
#include "hourglass/train/run_identity.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// Whether `patience` epochs have passed since the best one.
inline bool stopped_early(const TrainOptions& options, const TrainPosition& at,
                          std::int64_t best_epoch) {
  return options.patience > 0 && best_epoch > 0 && at.step == 0 &&
         at.epochs_done - best_epoch >= options.patience;
}

/// The content of the file without its arrays of parameters.
struct RunState {
  RunIdentity identity;
  TrainPosition position;
  double best_validation = 0;   // the smallest error so far; infinite before the first
  std::string kernels;          // kernels_text() of the run
  std::int64_t best_epoch = 0;  // of that error; kept only if the run has `patience`
  std::string version = {};     // of the program that wrote it; not written from here

  bool finished() const {
    return position.epochs_done >= identity.options.epochs ||
           stopped_early(identity.options, position, best_epoch);
  }
};

void save_run_state(const std::filesystem::path& path, const RunState& state, const Model& model,
                    const Adam& adam);

/// Reads the file, checks it against `here` and fills model and adam. Throws Error if it is
/// missing, damaged or of another run.
RunState load_run_state(const std::filesystem::path& path, const RunIdentity& here, Model& model,
                        Adam& adam);

/// Reads the state without filling a model. Throws Error if the file is missing or damaged.
RunState peek_run_state(const std::filesystem::path& path);

/// The same two from arrays in memory; `path` is the name for messages.
RunState take_run_state(const NamedArrays& file, const std::filesystem::path& path,
                        const RunIdentity& here, Model& model, Adam& adam);
RunState parse_run_state(const NamedArrays& file, const std::filesystem::path& path);

}  // namespace hourglass
