// The state of a run, from which it is resumed bit for bit: a safetensors file beside the
// checkpoint.
#pragma once

#include <filesystem>
#include <string>

#include "hourglass/interop/safetensors.h"
#include "hourglass/models/model.h"
#include "hourglass/nn/adam.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// What the bits of a run depend on. All of it must be the same to resume a run, except the number
/// of epochs if the learning rate does not depend on it.
struct RunIdentity {
  std::string model;  // describe(), as JSON
  std::string dataset_sha256;
  TrainOptions options;
  std::int64_t validation = 0;  // images held out
};

/// Throws Error with the first flag that would change the run, and both values.
void check_same_run(const RunIdentity& here, const RunIdentity& recorded,
                    const std::filesystem::path& path);

/// The content of the file without its arrays of parameters.
struct RunState {
  RunIdentity identity;
  TrainPosition position;
  double best_validation = 0;  // the smallest error so far; infinite before the first
  std::string kernels;         // kernels_text() of the run

  bool finished() const { return position.epochs_done >= identity.options.epochs; }
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
