#include "hourglass/models/checkpoint_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/version.h"
#include "hourglass/interop/format_number.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

using Metadata = std::map<std::string, std::string>;

const std::string& text(const Metadata& metadata, const std::string& key,
                        const std::string& source) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) {
    fail_file("checkpoint", "{} has no '{}' in its metadata: it is not a checkpoint of hourglass",
              source, key);
  }
  return found->second;
}

template <typename T>
T number(const Metadata& metadata, const std::string& key, const std::string& source) {
  const std::string& value = text(metadata, key, source);
  T result{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size()) {
    fail_file("checkpoint", "{} says {} = '{}', which is not a number: the file is damaged", source,
              key, printable(value));
  }
  return result;
}

/// Files and folders are named after the data set, so its name must not contain a path.
const std::string& dataset_of(const Metadata& metadata, const std::string& source) {
  const std::string& name = text(metadata, "dataset", source);
  if (name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
    fail_file("checkpoint",
              "{} says dataset = '{}', which is a path and no name: the file is damaged", source,
              printable(name));
  }
  return name;
}

nlohmann::json config_of(const Metadata& metadata, const std::string& source) {
  text(metadata, "hourglass.format", source);
  check_format_number("checkpoint", source, metadata, "hourglass.format", kCheckpointFormat);
  auto config = parse_json(text(metadata, "config", source));
  if (!config || !config->is_object()) {
    fail_file("checkpoint", "{} has a config that is not JSON: the file is damaged", source);
  }
  return *std::move(config);
}

constexpr std::array<std::string_view, 13> kOwnKeys{
    "hourglass.format", "config",  "dataset", "dataset_sha256", "seed", "epochs",  "train_loss",
    "test_mse",         "version", "kernels", "recipe",         "run",  "imported"};

std::string text_of(const nlohmann::json& config, const std::filesystem::path& path) {
  try {
    return config.dump();
  } catch (const nlohmann::json::exception&) {
    fail("checkpoint", "cannot write {}: a text of `class_names` or an option is not UTF-8",
         path.string());
  }
}

/// Throws Error unless there is a float for each of the model's parameters.
void check_engine(const Model& model, std::span<const float> engine) {
  require(engine.size() == model.parameters().size(), "checkpoint", "engine", engine.size(),
          "one value for each of the model's parameters() is needed");
}

/// The largest number of parameters of a model that is compared with the file. It is larger than
/// the file's, so that a missing parameter is reported by its name.
std::int64_t most_parameters(const NamedArrays& file) {
  std::int64_t count = 0;
  for (const NamedArray& named : file.arrays) count += named.array.shape.count();
  return std::min(std::max<std::int64_t>(2 * count, 1 << 20), kMostParameters);
}

/// Nothing unless all are texts, and as many as the model's classes if it takes labels.
std::vector<std::string> class_names_of(const nlohmann::json& config, std::int64_t classes) {
  const auto names = config.find("class_names");
  if (names == config.end() || !names->is_array()) return {};
  std::vector<std::string> all;
  for (const auto& name : *names) {
    if (!name.is_string()) return {};
    all.push_back(name.get<std::string>());
  }
  return classes > 0 && std::ssize(all) != classes ? std::vector<std::string>() : all;
}

/// Numbers that no run gives become those of "not known".
void forget_what_cannot_be(CheckpointFacts& facts) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (facts.epochs < 0) facts.epochs = -1;
  if (!std::isfinite(facts.train_loss)) facts.train_loss = kUnknown;
  if (!(facts.test_mse >= 0 && facts.test_mse <= 1))
    facts.test_mse = kUnknown;  // of pixels in 0..1
}

}  // namespace

Metadata other_metadata(const Metadata& metadata) {
  Metadata others = metadata;
  for (const std::string_view key : kOwnKeys) others.erase(std::string(key));
  return others;
}

bool is_model_file(const std::filesystem::path& path) {
  constexpr std::uint64_t kLength = 8;          // of the header, in front of it
  constexpr std::uint64_t kMost = 100'000'000;  // a longer header is none of safetensors
  std::ifstream file;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) file.open(path, std::ios::binary);
  std::array<char, kLength> length{};
  if (!file.read(length.data(), kLength)) return false;
  std::uint64_t size = 0;
  std::memcpy(&size, length.data(), kLength);
  if (size > kMost || size == 0) return false;
  const std::uint64_t whole = std::filesystem::file_size(path, ignored);
  std::string header(ignored ? 0 : std::min(size, whole), '\0');
  file.read(header.data(), std::ssize(header));
  header.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return header.starts_with('{') &&
         (header.find("\"hourglass.format\"") != std::string::npos ||
          header.find("\"hourglass.resume_format\"") != std::string::npos);
}

void append_parameter_sources(std::vector<NamedArraySource>& arrays, std::vector<float>& room,
                              const Model& model, std::span<const float> engine,
                              const std::string& prefix) {
  check_engine(model, engine);
  for (const Parameter& p : model.parameter_list().parameters()) {
    arrays.push_back({prefix + p.name, DType::kF32, p.shape, [&room, &p, engine] {
                        room.resize(static_cast<std::size_t>(p.shape.count()));
                        p.to_state(room, engine);
                        return ArrayView(std::span<const float>(room), p.shape).bytes;
                      }});
  }
}

void append_parameters(std::vector<NamedArrayView>& arrays, std::vector<float>& storage,
                       const Model& model, std::span<const float> engine,
                       const std::string& prefix) {
  check_engine(model, engine);
  const ParameterList& list = model.parameter_list();
  storage.resize(static_cast<std::size_t>(list.state_count()));
  list.to_state(storage, engine);
  std::size_t at = 0;
  for (const Parameter& p : list.parameters()) {
    const auto count = static_cast<std::size_t>(p.shape.count());
    arrays.push_back(
        {prefix + p.name, {std::span<const float>(storage).subspan(at, count), p.shape}});
    at += count;
  }
}

void extract_parameters(std::span<float> engine, const NamedArrays& file, const Model& model,
                        const std::string& prefix, const std::string& source) {
  check_engine(model, engine);
  const ParameterList& list = model.parameter_list();
  std::vector<float> state;
  state.reserve(static_cast<std::size_t>(list.state_count()));
  for (const Parameter& p : list.parameters()) {
    const Array* array = file.find(prefix + p.name);
    if (!array) {
      fail_file("checkpoint", "{} has no parameter {}: it is of another model", source,
                prefix + p.name);
    }
    if (!(array->shape == p.shape)) {
      fail_file("checkpoint",
                "{} has {} of shape {}, and the model needs {}: it is of another model", source,
                prefix + p.name, array->shape.text(), p.shape.text());
    }
    const Tensor values = array->floats();
    state.insert(state.end(), values.span().begin(), values.span().end());
  }
  list.from_state(engine, state);
}

void save_checkpoint(const std::filesystem::path& path, const Model& model,
                     const CheckpointFacts& facts) {
  nlohmann::json config = model.describe();
  config["class_names"] = facts.class_names;
  std::vector<NamedArraySource> arrays;
  std::vector<float> room;
  append_parameter_sources(arrays, room, model, model.parameters(), "");
  Metadata metadata{{"hourglass.format", fmt::format("{}", kCheckpointFormat)},
                    {"config", text_of(config, path)},
                    {"dataset", facts.dataset},
                    {"dataset_sha256", facts.dataset_sha256},
                    {"seed", fmt::format("{}", facts.seed)},
                    {"epochs", fmt::format("{}", facts.epochs)},
                    {"train_loss", fmt::format("{}", facts.train_loss)},
                    {"test_mse", fmt::format("{}", facts.test_mse)},
                    {"version", facts.version},
                    {"kernels", facts.kernels}};
  if (!facts.recipe.empty()) metadata["recipe"] = facts.recipe;
  if (!facts.run.empty()) metadata["run"] = facts.run;
  if (!facts.imported.empty()) metadata["imported"] = facts.imported;
  metadata.insert(facts.others.begin(), facts.others.end());
  write_safetensors(path, arrays, metadata);
}

namespace {

/// What is wrong with a description in a file is the file's fault, not the caller's.
std::unique_ptr<Model> model_of(const nlohmann::json& config, std::int64_t most) {
  try {
    return make_model(config, most);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::value) throw;
    throw Error(ErrorKind::file, error.operation(), error.reason());
  }
}

}  // namespace

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  Checkpoint checkpoint =
      parse_checkpoint(read_file(path, SafetensorsReadOptions{}.limit), path.string());
  checkpoint.path = path;
  return checkpoint;
}

Checkpoint parse_checkpoint(std::span<const std::uint8_t> bytes, const std::string& source) {
  const NamedArrays file = parse_safetensors(bytes, source, {.refuse_non_finite = true});
  const Metadata& metadata = file.metadata;
  const nlohmann::json config = config_of(metadata, source);
  Checkpoint checkpoint;
  checkpoint.model = model_of(config, most_parameters(file));
  extract_parameters(checkpoint.model->parameters(), file, *checkpoint.model, "", source);
  checkpoint.model->prepare();
  checkpoint.facts.class_names = class_names_of(config, checkpoint.model->config().classes);
  checkpoint.facts.dataset = dataset_of(metadata, source);
  checkpoint.facts.dataset_sha256 = text(metadata, "dataset_sha256", source);
  checkpoint.facts.seed = number<std::uint64_t>(metadata, "seed", source);
  checkpoint.facts.epochs = number<std::int64_t>(metadata, "epochs", source);
  checkpoint.facts.train_loss = number<double>(metadata, "train_loss", source);
  checkpoint.facts.test_mse = number<double>(metadata, "test_mse", source);
  forget_what_cannot_be(checkpoint.facts);
  checkpoint.facts.version = text(metadata, "version", source);
  checkpoint.facts.kernels = text(metadata, "kernels", source);
  const auto optional = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  checkpoint.facts.recipe = optional("recipe");
  checkpoint.facts.run = optional("run");
  checkpoint.facts.imported = optional("imported");
  checkpoint.facts.others = other_metadata(metadata);
  return checkpoint;
}

}  // namespace hourglass
