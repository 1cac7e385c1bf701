// The models by name. A new kind is a new folder and a line here.

#include "hourglass/models/registry.h"

#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/models/autoencoder/autoencoder.h"
#include "hourglass/models/linear/linear_autoencoder.h"

namespace hourglass {
namespace {

constexpr std::array<std::string_view, 3> kNotYet{"VAE", "CVAE", "VQ-VAE"};
constexpr std::int64_t kMostLatents = 4096;
constexpr std::int64_t kMostClasses = 65536;

std::vector<ModelKind>& kinds() {
  static std::vector<ModelKind> all{Autoencoder::model_kind(), LinearAutoencoder::model_kind()};
  return all;
}

std::string names_of_kinds() {
  std::vector<std::string> names;
  for (const ModelKind& kind : kinds()) names.push_back(kind.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void check_classes(const ModelKind& kind, std::int64_t classes) {
  if (!kind.takes_labels && classes != 0) {
    fail_file("model",
              "{} takes no labels, and the description has {} classes: the file is damaged",
              kind.name, classes);
  }
  if (kind.takes_labels && (classes < 1 || classes > kMostClasses)) {
    fail("model", "{} takes labels of {} classes: needs images with labels of 1 to {}", kind.name,
         classes, kMostClasses);
  }
}

/// Counts the parameters first, because planning a model takes memory for each of them.
std::unique_ptr<Model> build(const ModelConfig& config, std::int64_t most) {
  const ModelKind& kind = model_kind(config.kind);
  require(config.latent_dim >= 1 && config.latent_dim <= kMostLatents, "model", "latent_dim",
          config.latent_dim, fmt::format("must be from 1 to {}", kMostLatents));
  check_classes(kind, config.classes);
  const std::int64_t count =
      kind.build(config, ParameterList::Mode::counting)->parameter_list().state_count();
  if (count > most) {
    fail("model",
         "{} for images of {} and latent_dim {} has {} parameters, and at most {} are possible "
         "here: use smaller images or a smaller latent_dim",
         config.kind, config.shape.text(), config.latent_dim, count, most);
  }
  auto model = kind.build(config, ParameterList::Mode::indexed);
  model->allocate();
  return model;
}

/// All options of the table: the chosen values, and the table's `unsaid` for the others.
OptionValues with_unsaid(const ModelKind& kind, const OptionValues& chosen) {
  for (const auto& [name, value] : chosen) {
    check_option(find_option(kind.options, kind.name, name), value);
  }
  OptionValues all = chosen;
  for (const OptionSpec& spec : kind.options) all.emplace(spec.name, spec.unsaid);
  return all;
}

ModelConfig config_of(const nlohmann::json& description) {
  ModelConfig config;
  config.kind = description.at("model").get<std::string>();
  config.shape = {whole_number(description, "channels"), whole_number(description, "height"),
                  whole_number(description, "width")};
  config.latent_dim = whole_number(description, "latent_dim");
  if (description.contains("classes")) config.classes = whole_number(description, "classes");
  const ModelKind& kind = model_kind(config.kind);
  OptionValues chosen;
  if (const auto options = description.find("options"); options != description.end()) {
    for (const auto& [name, value] : options->get_ref<const nlohmann::json::object_t&>()) {
      const OptionSpec& spec = find_option(kind.options, kind.name, name);
      chosen.emplace(name, option_of_json(spec, value));
    }
  }
  config.options = with_unsaid(kind, chosen);
  return config;
}

}  // namespace

const Shape* StateShapes::find(const std::string& name) const {
  const auto found = arrays.find(name);
  return found == arrays.end() ? nullptr : &found->second;
}

const std::vector<ModelKind>& model_kinds() {
  return kinds();
}

const ModelKind& model_kind(std::string_view name) {
  const auto found = std::ranges::find(kinds(), name, &ModelKind::name);
  if (found != kinds().end()) return *found;
  if (std::ranges::find(kNotYet, name) != kNotYet.end()) {
    fail("model", "{} is not in this version yet: there are {}", name, names_of_kinds());
  }
  fail("model", "no model is called '{}': there are {}", printable(name), names_of_kinds());
}

void add_model_kind(ModelKind kind) {
  require(kind.build != nullptr, "model", "build", kind.name, "the kind needs a function for it");
  const auto found = std::ranges::find(kinds(), kind.name, &ModelKind::name);
  if (found == kinds().end()) {
    kinds().push_back(std::move(kind));
  } else {
    *found = std::move(kind);
  }
}

std::string run_stem(const ModelKind& kind, std::string_view dataset, std::int64_t latent_dim) {
  if (kind.run_infix.empty()) return fmt::format("{}_{}", dataset, latent_dim);
  return fmt::format("{}_{}_{}", dataset, kind.run_infix, latent_dim);
}

std::unique_ptr<Model> make_model(std::string_view kind_name, const ImageShape& shape,
                                  const ModelOptions& options, std::uint64_t seed) {
  const ModelKind& kind = model_kind(kind_name);
  ModelConfig config{kind.name, shape, options.latent_dim, with_unsaid(kind, options.options),
                     kind.takes_labels ? options.classes : 0};
  if (kind.choose) kind.choose(config, options.options);
  return make_model(config, seed);
}

std::unique_ptr<Model> make_model(const ModelConfig& given, std::uint64_t seed) {
  ModelConfig config = given;
  config.options = with_unsaid(model_kind(given.kind), given.options);
  auto model = build(config, kMostParameters);
  Rng rng(seed, Stream::parameters);
  model->parameter_list().initialise(model->parameters(), rng);
  model->prepare();
  return model;
}

ModelConfig model_config(const nlohmann::json& description) {
  try {
    return config_of(description);
  } catch (const nlohmann::json::exception&) {
    fail_file(
        "model",
        "the model's description lacks one of model, latent_dim, channels, height, width, or one "
        "is of the wrong type");
  }
}

std::unique_ptr<Model> make_model(const nlohmann::json& description, std::int64_t most) {
  return build(model_config(description), most);
}

std::unique_ptr<Model> recognise_model(const StateShapes& shapes) {
  for (const ModelKind& kind : kinds()) {
    if (!kind.recognise) continue;
    if (auto config = kind.recognise(shapes)) {
      config->kind = kind.name;
      config->options = with_unsaid(kind, config->options);
      return build(*config, kMostParameters);
    }
  }
  fail_file("model",
            "{}: these are not the parameters of any of {}: encoder.linear.weight is missing",
            shapes.source, names_of_kinds());
}

}  // namespace hourglass
