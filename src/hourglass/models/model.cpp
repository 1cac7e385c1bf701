#include "hourglass/models/model.h"

#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/models/registry.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

namespace {

void check_outputs(std::string_view argument, ConstView out, std::int64_t rows,
                   std::int64_t columns) {
  require_columns("model", argument, out, columns);
  if (out.size(0) == rows) return;
  throw Error("model", argument, "of shape " + out.shape().text(),
              fmt::format("{} rows are needed", rows));
}

}  // namespace

LossParts& LossParts::operator+=(const LossParts& other) {
  for (std::size_t i = 0; i < part.size(); ++i) part[i] += other.part[i];
  return *this;
}

double weighted_sum(const LossParts& parts, const LossWeights& weights) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] != 0.0) sum += weights[i] * parts.part[i];
  }
  return sum;
}

namespace {

Corruption corruption_of(const ModelConfig& config) {
  const auto found = config.options.find(kCorruptionOption);
  return found == config.options.end() ? Corruption{}
                                       : parse_corruption(std::get<std::string>(found->second));
}

}  // namespace

Model::Model(ModelConfig config, ParameterList::Mode mode)
    : config_(std::move(config)), corruption_(corruption_of(config_)), network_(mode) {}

void Model::allocate() {
  parameters_ = Tensor({network_.plan().parameters.engine_count()});
  derived_ = Tensor({network_.plan().derived.size()});
}

nlohmann::json Model::describe() const {
  nlohmann::json description = {{"model", config_.kind},
                                {"latent_dim", config_.latent_dim},
                                {"channels", config_.shape.channels},
                                {"height", config_.shape.height},
                                {"width", config_.shape.width}};
  if (config_.classes > 0) description["classes"] = config_.classes;
  for (const OptionSpec& spec : model_kind(config_.kind).options) {
    const OptionValue& value = config_.options.at(spec.name);
    if (value != spec.unsaid) description["options"][spec.name] = option_json(value);
  }
  return description;
}

std::unique_ptr<Model::Workspace> Model::make_workspace() const {
  auto workspace = new_workspace();
  if (corruption_.kind != Corruption::Kind::none) {
    workspace->corrupted_ = Tensor({kChunk, config_.shape.pixels()});
  }
  return workspace;
}

std::int64_t Model::bytes() const {
  const LayerPlan& plan = network_.plan();
  const auto index = static_cast<std::int64_t>(sizeof(Parameter::engine_index[0]));
  const auto element = static_cast<std::int64_t>(sizeof(float));
  return (plan.parameters.engine_count() + plan.derived.size()) * element +
         plan.parameters.state_count() * index;
}

std::int64_t Model::workspace_bytes() const {
  const std::int64_t before = tensor_bytes_taken();
  make_workspace();
  return tensor_bytes_taken() - before;
}

void Model::fold_gradients(std::span<float> parameter_gradients,
                           std::span<const float> gradients) const {
  require(std::ssize(gradients) == gradient_count(), "model", "gradients", gradients.size(),
          "gradient_count() floats are needed");
  require(parameter_gradients.size() == parameters().size(), "model", "parameter_gradients",
          parameter_gradients.size(), "one for each of parameters() is needed");
  network_.fold(parameter_gradients.data(), gradients.data());
}

void Model::add_deferred_gradients(std::int64_t piece, std::span<float> parameter_gradients,
                                   ConstView kept) const {
  require(piece >= 0 && piece < deferred_pieces(), "model", "piece", piece,
          "it must be below deferred_pieces()");
  require(parameter_gradients.size() == parameters().size(), "model", "parameter_gradients",
          parameter_gradients.size(), "one for each of parameters() is needed");
  require_columns("model", "kept", kept, kept_count());
  require(kept.size(0) <= kSlice, "model", "kept", kept.size(0), "a slice has at most kSlice rows");
  network_.add_deferred(piece, parameter_gradients.data(), {kept.data(), kept_count()},
                        kept.size(0));
}

std::span<const std::string_view> Model::loss_names() const {
  static constexpr std::string_view kNames[] = {"reconstruction"};
  return kNames;
}

LossWeights Model::loss_weights(double /*progress*/) const {
  LossWeights weights{};
  for (std::size_t i = 0; i < loss_names().size(); ++i) weights[i] = 1.0;
  return weights;
}

void Model::check_labels(ConstView rows, std::span<const std::int64_t> labels) const {
  require_matrix("model", "rows", rows);
  const std::int64_t n = rows.size(0);
  require(n <= kChunk, "model", "rows", n, "a chunk has at most kChunk of them");
  if (config_.classes == 0) return;
  require(std::ssize(labels) == n, "model", "labels", labels.size(), "one for each row is needed");
  for (const std::int64_t label : labels) {
    require(label >= 0 && label < config_.classes, "model", "labels", label,
            "it is not one of the model's classes");
  }
}

ConstView Model::input_of(Workspace& workspace, const Chunk& chunk) const {
  check_labels(chunk.rows, chunk.labels);
  require_columns("model", "rows", chunk.rows, config_.shape.pixels());
  const std::int64_t n = chunk.rows.size(0);
  require(chunk.keys.empty() || std::ssize(chunk.keys) == n, "model", "keys", chunk.keys.size(),
          "one for each row is needed, or none");
  if (chunk.keys.empty() || corruption_.kind == Corruption::Kind::none) return chunk.rows;
  const View corrupted = workspace.corrupted_.view().rows(0, n);
  for (std::int64_t i = 0; i < n; ++i) {
    corrupt(corrupted.row(i), chunk.rows.row(i), config_.shape, corruption_,
            chunk.keys[static_cast<std::size_t>(i)]);
  }
  return corrupted;
}

LossParts Model::train(Workspace& workspace, Lane lane, const Chunk& chunk,
                       const LossWeights& scale) const {
  require(std::ssize(lane.gradients) == gradient_count(), "model", "gradients",
          lane.gradients.size(), "gradient_count() floats are needed");
  require_columns("model", "kept", lane.kept, kept_count());
  require(lane.kept.size(0) == chunk.rows.size(0), "model", "kept", lane.kept.size(0),
          "one row for each of the chunk is needed");
  return train_input(workspace, lane, chunk, input_of(workspace, chunk), scale);
}

LossParts Model::loss(Workspace& workspace, const Chunk& chunk) const {
  return loss_of_input(workspace, chunk, input_of(workspace, chunk));
}

void Model::encode(Workspace& workspace, View latents, const Chunk& chunk) const {
  const ConstView input = input_of(workspace, chunk);
  check_outputs("latents", latents, input.size(0), latent_dim());
  encode_input(workspace, latents, chunk, input);
}

void Model::decode(Workspace& workspace, View rows, ConstView latents,
                   std::span<const std::int64_t> labels) const {
  check_labels(latents, labels);
  require_columns("model", "latents", latents, latent_dim());
  check_outputs("rows", rows, latents.size(0), config_.shape.pixels());
  decode_latents(workspace, rows, latents, labels);
}

std::string weights_sha256(const Model& model) {
  static_assert(std::endian::native == std::endian::little && sizeof(float) == 4 &&
                std::numeric_limits<float>::is_iec559);
  Sha256 sum;
  std::vector<float> state;
  for (const Parameter& p : model.parameter_list().parameters()) {
    state.resize(static_cast<std::size_t>(p.shape.count()));
    p.to_state(state, model.parameters());
    sum.update({reinterpret_cast<const std::uint8_t*>(state.data()), state.size() * sizeof(float)});
  }
  return sum.hex();
}

}  // namespace hourglass
