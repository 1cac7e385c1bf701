// The kinds of models by name, and how a model is made. A new kind is a folder and a line in
// registry.cpp; a program can add one of its own, too.
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

/// Parameters of the largest models: an index of them has 32 bits.
inline constexpr std::int64_t kMostParameters = std::int64_t{1} << 30;

/// Shapes of a state dict's arrays by PyTorch's names, and the image size where somebody gave it.
struct StateShapes {
  std::map<std::string, Shape> arrays;
  std::int64_t height = 0, width = 0;  // 0: not given
  std::string source;                  // what they were read from, for messages

  const Shape* find(const std::string& name) const;
};

struct ModelKind {
  std::string name;       // "AE": as --model, descriptions and the folder of checkpoints have it
  std::string folder;     // "autoencoder": figures lie in visu/DATASET_FOLDER
  std::string run_infix;  // between data set and latent dimension in a run's name: "linear"; ""
  std::string summary;    // for --help, a clause
  std::vector<OptionSpec> options;
  bool takes_labels = false;

  /// A model of this configuration, not allocated; counting for its parameters alone. Throws Error
  /// for a shape or options that do not fit.
  std::unique_ptr<Model> (*build)(const ModelConfig& config, ParameterList::Mode mode);
  /// Fills in the options whose choice depends on the image shape, where nobody chose; may be
  /// nullptr.
  void (*choose)(ModelConfig& config, const OptionValues& chosen) = nullptr;
  /// The configuration of the model whose parameters these are, by names and shapes. Nothing if
  /// they are of another kind; throws Error if they are nearly of this one.
  std::optional<ModelConfig> (*recognise)(const StateShapes& shapes) = nullptr;
};

/// All kinds, in the order in which they were added.
const std::vector<ModelKind>& model_kinds();
/// Throws Error for a name that is not known, or known and not in this version.
const ModelKind& model_kind(std::string_view name);
/// Adds a kind, or replaces the one of that name. Call it before work begins.
void add_model_kind(ModelKind kind);

/// What a run of this kind is called: "mnist_32", "mnist_linear_32".
std::string run_stem(const ModelKind& kind, std::string_view dataset, std::int64_t latent_dim);

template <typename M>
std::unique_ptr<Model> build_model(const ModelConfig& config, ParameterList::Mode mode) {
  return std::make_unique<M>(config, mode);
}

/// A new model with fresh parameters drawn from `seed`. Throws Error for a name that is not known,
/// and for a shape or options that do not fit.
std::unique_ptr<Model> make_model(std::string_view kind, const ImageShape& shape,
                                  const ModelOptions& options, std::uint64_t seed);

/// A new model of the same configuration.
std::unique_ptr<Model> make_model(const ModelConfig& config, std::uint64_t seed);

/// The configuration that describe() wrote. Throws Error if it is not understood.
ModelConfig model_config(const nlohmann::json& description);

/// The model that describe() described, parameters zero. Throws Error if the description is not
/// understood, or is of more than `most` parameters: told before memory is taken for them.
std::unique_ptr<Model> make_model(const nlohmann::json& description,
                                  std::int64_t most = kMostParameters);

/// The model whose parameters these are, told from names and shapes, parameters zero; images are
/// taken to be square where no size was given. Throws Error naming the source if they are of no
/// model of this version.
std::unique_ptr<Model> recognise_model(const StateShapes& shapes);

}  // namespace hourglass
