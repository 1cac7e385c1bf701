// All that is needed to go on with a run bit for bit, in one safetensors file beside the
// checkpoint.
#pragma once

#include <filesystem>
#include <string>

#include "hourglass/interop/safetensors.h"
#include "hourglass/models/model.h"
#include "hourglass/nn/adam.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// What decides a run's bits. A run is only gone on with where all of it is the same; except that
/// it may have more epochs or fewer while no step's learning rate depends on them.
struct RunIdentity {
  std::string model;  // describe(), as JSON
  std::string dataset_sha256;
  TrainOptions options;
  std::int64_t validation = 0;  // images held out
};

/// Throws Error naming the first flag that would change the run, with both values.
void check_same_run(const RunIdentity& here, const RunIdentity& recorded,
                    const std::filesystem::path& path);

/// What the file says without its arrays.
struct RunState {
  RunIdentity identity;
  TrainPosition position;
  double best_validation = 0;  // the smallest so far; infinite before the first
  std::string kernels;         // kernels_text() of the run

  bool finished() const { return position.epochs_done >= identity.options.epochs; }
};

void save_run_state(const std::filesystem::path& path, const RunState& state, const Model& model,
                    const Adam& adam);

/// Reads the file, checks it against `here` and fills model and adam. Throws Error if it is
/// missing, damaged or of another run.
RunState load_run_state(const std::filesystem::path& path, const RunIdentity& here, Model& model,
                        Adam& adam);

/// Only what the file says. Throws Error if it is missing or damaged.
RunState peek_run_state(const std::filesystem::path& path);

/// Both from a file in memory; `path` is its name for messages.
RunState take_run_state(const SafetensorsFile& file, const std::filesystem::path& path,
                        const RunIdentity& here, Model& model, Adam& adam);
RunState parse_run_state(const SafetensorsFile& file, const std::filesystem::path& path);

}  // namespace hourglass
