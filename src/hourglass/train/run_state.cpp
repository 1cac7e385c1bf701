#include "hourglass/train/run_state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/json.h"
#include "hourglass/base/version.h"
#include "hourglass/interop/format_number.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/run_record.h"

namespace hourglass {
namespace {

constexpr int kFormat = 1;  // the newest that is read
constexpr const char* kFormatKey = "hourglass.resume_format";
constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;  // centuries; sums do not overflow

nlohmann::json state_json(const RunState& s) {
  nlohmann::json json = to_json(RunRecord{s.identity.options, s.identity.validation});
  json.update({{"model", nlohmann::json::parse(s.identity.model)},
               {"dataset_sha256", s.identity.dataset_sha256},
               {"epochs", s.identity.options.epochs},
               {"seed", s.identity.options.seed},
               {"epochs_done", s.position.epochs_done},
               {"step", s.position.step},
               {"kernels", s.kernels}});
  if (s.identity.options.patience > 0) json["best_epoch"] = s.best_epoch;
  return json;
}

RunState state_of(const nlohmann::json& j) {
  const RunRecord record = run_record(j);
  RunState s;
  s.identity.model = j.at("model").dump();
  s.identity.dataset_sha256 = j.at("dataset_sha256").get<std::string>();
  s.identity.options = record.options;
  s.identity.options.epochs = whole_number(j, "epochs");
  s.identity.options.seed = natural_number(j, "seed");
  s.identity.validation = record.validation;
  s.position.epochs_done = whole_number(j, "epochs_done");
  s.position.step = whole_number(j, "step");
  s.kernels = j.at("kernels").get<std::string>();
  if (j.contains("best_epoch")) s.best_epoch = whole_number(j, "best_epoch");
  return s;
}

const Array& required(const NamedArrays& file, const std::string& name,
                      const std::filesystem::path& path) {
  const Array* array = file.find(name);
  if (!array) {
    fail_file("resume", "{} has no {}: it is damaged; start again with `overwrite`", path.string(),
              name);
  }
  return *array;
}

}  // namespace

RunState parse_run_state(const NamedArrays& file, const std::filesystem::path& path) {
  if (!file.metadata.contains(kFormatKey)) {
    fail_file("resume", "{} is not the state of a run", path.string());
  }
  check_format_number("resume", path.string(), file.metadata, kFormatKey, kFormat);
  try {
    RunState state = state_of(parse_json(file.metadata.at("run")).value_or(nullptr));
    const auto version = file.metadata.find("version");
    if (version != file.metadata.end()) state.version = version->second;
    // Sums are stored as binary64 arrays, not as text, so that no bit is lost.
    const std::vector<double> sums = required(file, "sums", path).doubles();
    const TrainPosition& at = state.position;
    const bool has_parts = sums.size() == 2 + kMostLossParts;
    if ((sums.size() != 2 && !has_parts) || at.epochs_done < 0 || at.epochs_done > kMostSteps ||
        at.step < 0 || at.step > kMostSteps || state.best_epoch < 0 ||
        state.best_epoch > at.epochs_done) {
      fail_file("resume", "{} is damaged: start again with `overwrite`", path.string());
    }
    state.position.loss_sum = sums[0];
    state.best_validation = sums[1];
    if (has_parts) std::copy(sums.begin() + 2, sums.end(), state.position.parts.part.begin());
    return state;
  } catch (const nlohmann::json::exception&) {
    fail_file("resume", "{} does not say where its run stopped: start again with `overwrite`",
              path.string());
  } catch (const std::out_of_range&) {
    fail_file("resume", "{} does not say where its run stopped: start again with `overwrite`",
              path.string());
  }
}

void save_run_state(const std::filesystem::path& path, const RunState& state, const Model& model,
                    const Adam& adam) {
  std::vector<NamedArraySource> arrays;
  std::vector<float> room;
  append_parameter_sources(arrays, room, model, model.parameters(), "");
  append_parameter_sources(arrays, room, model, adam.m.span(), "adam.m.");
  append_parameter_sources(arrays, room, model, adam.v.span(), "adam.v.");
  const std::int64_t steps[] = {adam.steps};
  std::vector<double> sums{state.position.loss_sum, state.best_validation};
  if (model.loss_names().size() > 1) {  // a single part is the loss itself
    const auto& parts = state.position.parts.part;
    sums.insert(sums.end(), parts.begin(), parts.end());
  }
  const auto append = [&](const char* name, const ArrayView& array) {
    arrays.push_back({name, array.dtype, array.shape, [bytes = array.bytes] { return bytes; }});
  };
  append("adam.t", {std::span<const std::int64_t>(steps), Shape{1}});
  append("sums", {std::span<const double>(sums), Shape{std::ssize(sums)}});
  write_safetensors(path, arrays,
                    {{kFormatKey, fmt::format("{}", kFormat)},
                     {"version", version()},
                     {"run", state_json(state).dump()}});
}

RunState load_run_state(const std::filesystem::path& path, const RunIdentity& here, Model& model,
                        Adam& adam) {
  return take_run_state(read_safetensors(path), path, here, model, adam);
}

RunState take_run_state(const NamedArrays& file, const std::filesystem::path& path,
                        const RunIdentity& here, Model& model, Adam& adam) {
  RunState state = parse_run_state(file, path);
  check_same_run(here, state.identity, path);
  const std::string source = path.string();
  extract_parameters(model.parameters(), file, model, "", source);
  extract_parameters(adam.m.span(), file, model, "adam.m.", source);
  extract_parameters(adam.v.span(), file, model, "adam.v.", source);
  const auto steps = required(file, "adam.t", path).integers(source);
  if (steps.size() != 1 || steps[0] < 0 || steps[0] > kMostSteps) {
    fail_file("resume", "{} is damaged: start again with `overwrite`", source);
  }
  adam.steps = steps[0];
  model.prepare();
  return state;
}

RunState peek_run_state(const std::filesystem::path& path) {
  return parse_run_state(read_safetensors(path), path);
}

}  // namespace hourglass
