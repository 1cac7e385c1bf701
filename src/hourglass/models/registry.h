// The kinds of models by name, and functions that make models. A new kind is a folder and a line in
// registry.cpp; a program can also add its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/models/model.h"

namespace hourglass {

/// The largest number of parameters: their indices have 32 bits.
inline constexpr std::int64_t kMostParameters = std::int64_t{1} << 30;

/// Shapes of a state dict's arrays by PyTorch's names, and the image size if it was given.
struct StateShapes {
  std::map<std::string, Shape> arrays;
  std::int64_t height = 0, width = 0;  // 0: not given
  std::string source;                  // the file, for messages

  const Shape* find(const std::string& name) const;
};

struct ModelKind {
  std::string name;       // "AE": in --model, descriptions and the folder of checkpoints
  std::string folder;     // "autoencoder": figures are in visu/DATASET_FOLDER
  std::string run_infix;  // between data set and latent dimension in a run's name: "linear"; ""
  std::string summary;    // for --help, a clause
  std::vector<OptionSpec> options;
  bool takes_labels = false;

  /// Builds a model without allocating it; in mode `counting` only to count its parameters. Throws
  /// Error for an unsupported shape or option.
  std::unique_ptr<Model> (*build)(const ModelConfig& config, ParameterList::Mode mode);
  /// Sets options that depend on the image shape and were not chosen; may be nullptr.
  void (*choose)(ModelConfig& config, const OptionValues& chosen) = nullptr;
  /// The configuration of the model with these parameter names and shapes. Gives nullopt if they
  /// are of another kind; throws Error if they are nearly of this kind.
  std::optional<ModelConfig> (*recognise)(const StateShapes& shapes) = nullptr;
};

/// All kinds, in the order in which they were added.
const std::vector<ModelKind>& model_kinds();
/// Throws Error for an unknown name, and for one that is not in this version yet.
const ModelKind& model_kind(std::string_view name);
/// Adds a kind, or replaces the one of that name. Call it before other functions use the kinds.
void add_model_kind(ModelKind kind);

/// The name of a run of this kind: "mnist_32", "mnist_linear_32".
std::string run_stem(const ModelKind& kind, std::string_view dataset, std::int64_t latent_dim);

template <typename M>
std::unique_ptr<Model> build_model(const ModelConfig& config, ParameterList::Mode mode) {
  return std::make_unique<M>(config, mode);
}

/// A new model with parameters drawn from `seed`. Throws Error for an unknown name and for an
/// unsupported shape or option.
std::unique_ptr<Model> make_model(std::string_view kind, const ImageShape& shape,
                                  const ModelOptions& options, std::uint64_t seed = 0);

/// A new model of the same configuration.
std::unique_ptr<Model> make_model(const ModelConfig& config, std::uint64_t seed);

/// The configuration in a description by describe(). Throws Error if it is not understood.
ModelConfig model_config(const nlohmann::json& description);

/// The model of a description by describe(), with zero parameters. Throws Error if the description
/// is not understood, or, before allocating, if it has more than `most` parameters.
std::unique_ptr<Model> make_model(const nlohmann::json& description,
                                  std::int64_t most = kMostParameters);

/// The model with these parameter names and shapes, with zero parameters; images are assumed to be
/// square if no size was given. Throws Error naming the source if no model of this version fits.
std::unique_ptr<Model> recognise_model(const StateShapes& shapes);

}  // namespace hourglass
