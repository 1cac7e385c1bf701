// A trained model in a file: parameters under PyTorch's names, and metadata. Not the state of an
// unfinished run: see run_state.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/interop/safetensors.h"
#include "hourglass/models/model.h"

namespace hourglass {

/// The metadata of a checkpoint. No times, paths or thread counts: the same run gives the same
/// bytes.
struct CheckpointFacts {
  std::string dataset;         // its name
  std::string dataset_sha256;  // of its images and labels
  std::vector<std::string> class_names;
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;    // trained so far; -1: not known
  double train_loss = 0.0;    // of the last epoch; NaN: not known
  double test_mse = 0.0;      // after it; likewise
  std::string version;        // of the program that wrote it
  std::string kernels;        // kernels_text() of the run; several if it was resumed with others
  std::string recipe = {};    // recipe_text() of the run; empty for the unchanged plain recipe
  std::string run = {};       // how it was trained (run_record.h), as JSON; empty in old versions
  std::string imported = {};  // names of another program's files that it was imported from; then
                              // seed and epochs are 0, and train_loss is NaN, as is test_mse if the
                              // data are not known
  std::map<std::string, std::string> others = {};  // metadata of other programs, kept
};

struct Checkpoint {
  std::unique_ptr<Model> model;
  CheckpointFacts facts;
  std::filesystem::path path = {};  // of the file it was loaded from; empty otherwise
};

/// The entries of a file's metadata that are not hourglass's own.
std::map<std::string, std::string> other_metadata(
    const std::map<std::string, std::string>& metadata);

/// The newest format that `hourglass.format` may name.
inline constexpr int kCheckpointFormat = 1;

/// Throws Error if the file cannot be written; an old file then stays.
void save_checkpoint(const std::filesystem::path& path, const Model& model,
                     const CheckpointFacts& facts);

/// Throws Error in one line if the file is missing, damaged, of a newer format or of another
/// program, holds a model that this version does not have, lacks a parameter or has one of another
/// shape, or holds a NaN or infinity.
/// Metadata that cannot be true are read as not known: an epoch below 0, an error that is no
/// number, below 0 or above 1, class names that are no texts or are not as many as the model's
/// classes.
Checkpoint load_checkpoint(const std::filesystem::path& path);

/// The same from bytes; `source` is the name for messages. Refuses a model of far more parameters
/// than the file holds before it is made, and a data set whose name is a path, because files are
/// named after it.
Checkpoint parse_checkpoint(std::span<const std::uint8_t> bytes, const std::string& source);

/// Whether the file holds a model or the state of a run, whole or damaged, as its header says.
/// False for a path that is no regular file or cannot be read.
bool is_model_file(const std::filesystem::path& path);

/// For files that hold a model's parameters among other arrays: `prefix` comes before each PyTorch
/// name. The sources convert one parameter at a time in `room`; room, model and engine must live
/// until the file is written.
void append_parameter_sources(std::vector<NamedArraySource>& arrays, std::vector<float>& room,
                              const Model& model, std::span<const float> engine,
                              const std::string& prefix);
void append_parameters(std::vector<NamedArrayView>& arrays, std::vector<float>& storage,
                       const Model& model, std::span<const float> engine,
                       const std::string& prefix);
void extract_parameters(std::span<float> engine, const NamedArrays& file, const Model& model,
                        const std::string& prefix, const std::string& source);

}  // namespace hourglass
