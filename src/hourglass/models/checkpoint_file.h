// A trained model in a file: parameters under PyTorch's names, and what is to be known of them. Not
// the state of a run that goes on: see run_state.h.
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

/// What a checkpoint says of itself beside its parameters. No times, paths or thread counts: the
/// same run gives the same bytes.
struct CheckpointFacts {
  std::string dataset;         // its name
  std::string dataset_sha256;  // of its images and labels
  std::vector<std::string> class_names;
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;    // trained so far
  double train_loss = 0.0;    // of the last epoch
  double test_mse = 0.0;      // after it
  std::string version;        // of the program that wrote it
  std::string kernels;        // kernels_text() of the run; several where it went on with others
  std::string recipe = {};    // recipe_text() of the run; empty for the plain one as it stands
  std::string run = {};       // how it was trained (run_record.h), as JSON; of old versions empty
  std::string imported = {};  // names of another program's files that it came from, if it did; then
                              // seed and epochs are 0, train_loss NaN, and test_mse too if the data
                              // are not known
  std::map<std::string, std::string> others = {};  // metadata of other programs, kept
};

struct Checkpoint {
  std::unique_ptr<Model> model;
  CheckpointFacts facts;
};

/// Those of a file's metadata that are none of hourglass's own.
std::map<std::string, std::string> other_metadata(
    const std::map<std::string, std::string>& metadata);

/// The newest format that `hourglass.format` may name.
inline constexpr int kCheckpointFormat = 1;

/// Throws Error if the file cannot be written; what was there stays.
void save_checkpoint(const std::filesystem::path& path, const Model& model,
                     const CheckpointFacts& facts);

/// Throws Error in one line if the file is missing, damaged, of a newer format or another
/// program's, holds a model this version does not have, lacks a parameter or has one of another
/// shape, or holds a NaN or infinity.
Checkpoint load_checkpoint(const std::filesystem::path& path);

/// The same from bytes; `source` is the name for messages. A model of far more parameters than the
/// file holds is refused before it is made; so is a data set whose name is a path, as files are
/// called by it.
Checkpoint parse_checkpoint(std::span<const std::uint8_t> bytes, const std::string& source);

/// For files that hold a model's parameters among other arrays: `prefix` stands before each PyTorch
/// name. The sources make one parameter at a time in `room`; it, model and engine have to live
/// until they are written.
void append_parameter_sources(std::vector<NamedArraySource>& arrays, std::vector<float>& room,
                              const Model& model, std::span<const float> engine,
                              const std::string& prefix);
void append_parameters(std::vector<NamedArrayView>& arrays, std::vector<float>& storage,
                       const Model& model, std::span<const float> engine,
                       const std::string& prefix);
void extract_parameters(std::span<float> engine, const SafetensorsFile& file, const Model& model,
                        const std::string& prefix, const std::string& source);

}  // namespace hourglass
