#include "hourglass/train/found_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "hourglass/base/impl/json.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/version.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/train/kernels_text.h"
#include "hourglass/train/record_file.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using State = FoundRun::State;

/// The process that trains the run, as a clause; nothing if none does. A lock file alone may be of
/// a killed process.
std::optional<std::string> who_trains(const RunPaths& paths) {
  if (!fs::exists(paths.lock)) return std::nullopt;
  try {
    const auto lock = lock_run(paths);
    return std::nullopt;
  } catch (const Error& error) {
    return holder_of(error);
  }
}

/// The identity of a trained model; its epochs are those that it has, unless the record says more.
std::optional<RunIdentity> identity_of(const Checkpoint& checkpoint,
                                       const std::optional<RecordFile>& record) {
  const CheckpointFacts& facts = checkpoint.facts;
  try {
    const RunRecord run = run_record(parse_json(facts.run).value_or(nullptr));
    RunIdentity identity{checkpoint.model->describe().dump(), facts.dataset_sha256, run.options,
                         run.validation};
    identity.options.seed = facts.seed;
    if (!run.options.schedule.needs_total()) {
      identity.options.epochs = record ? record->settings.options.epochs : facts.epochs;
    }
    return identity;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void look_at_state(FoundRun& run) {
  run.saved = peek_run_state(run.paths.state);
  run.identity = run.saved->identity;
  run.version = run.saved->version;
  run.kernels = run.saved->kernels;
  run.state = run.saved->finished() ? State::finished : State::unfinished;
}

void look_at_checkpoint(FoundRun& run, const std::optional<RecordFile>& record) {
  const Checkpoint checkpoint = load_checkpoint(run.paths.checkpoint);
  const CheckpointFacts& facts = checkpoint.facts;
  if (!facts.imported.empty()) {
    run.why = fmt::format("was imported from {}", printable(facts.imported));
    return;
  }
  run.identity = identity_of(checkpoint, record);
  run.version = facts.version;
  run.kernels = facts.kernels;
  run.state = State::finished;
  if (!run.identity) {
    run.state = State::unknown;
    run.why = "does not say how it was trained";
  } else if (record && record->finished.empty()) {
    run.state = facts.epochs <= 1 ? State::abandoned : State::unknown;
    run.why = fmt::format("was stopped after epoch {} and has no state to resume", facts.epochs);
  }
}

FoundRun look_at(const RunPaths& paths) {
  FoundRun run;
  run.paths = paths;
  if (auto who = who_trains(paths)) {
    run.state = State::running;
    run.why = fmt::format("is in use: {}", *who);
    return run;
  }
  try {
    const auto record = read_record_file(paths.record);
    if (fs::exists(paths.state)) {
      look_at_state(run);
    } else if (fs::exists(paths.checkpoint)) {
      look_at_checkpoint(run, record);
    } else if (record && record->finished.empty()) {
      run.state = State::abandoned;
    } else {
      run.why = "has files but no checkpoint";
    }
  } catch (const Error& error) {
    run.state = State::unknown;
    run.why = fmt::format("cannot be read ({})", error.reason());
  }
  return run;
}

/// The numbers of the runs that have files or are being trained, sorted.
std::set<std::int64_t> numbers_here(const RunPaths& base) {
  std::set<std::int64_t> numbers;
  std::error_code none;
  for (const auto& file : fs::directory_iterator(base.checkpoint.parent_path(), none)) {
    const std::string name = file.path().filename().string();
    for (std::size_t dot = name.find('.'); dot != std::string::npos;
         dot = name.find('.', dot + 1)) {
      const auto number = number_of(std::string_view(name).substr(0, dot), base.run);
      if (number && (has_files(numbered(base, *number)) || name.ends_with(".lock"))) {
        numbers.insert(*number);
      }
    }
  }
  return numbers;
}

}  // namespace

bool has_files(const RunPaths& paths) {
  const auto files = files_of(paths);
  return std::ranges::any_of(files, [](const fs::path& file) { return fs::exists(file); });
}

std::vector<FoundRun> runs_here(const RunPaths& base) {
  std::vector<FoundRun> runs;
  for (const std::int64_t number : numbers_here(base)) {
    const RunPaths paths = numbered(base, number);
    FoundRun run = look_at(paths);
    if (run.is(State::running) || has_files(paths)) runs.push_back(std::move(run));
  }
  return runs;
}

std::optional<std::string> why_another(const FoundRun& run, const RunIdentity& here) {
  if (!run.identity) return fmt::format("{} {}", run.paths.run, run.why);
  if (const auto d = first_difference(here, *run.identity, Compared::as_same)) {
    return difference_text(run.paths.run, *d);
  }
  if (run.version != version()) {
    return fmt::format("{} is of hourglass {}, this is {}", run.paths.run, printable(run.version),
                       version());
  }
  if (!same_bits(run.kernels, kernels_text())) {
    return fmt::format("{} has the kernels {}, this run {}", run.paths.run, printable(run.kernels),
                       kernels_text());
  }
  return std::nullopt;
}

std::unique_ptr<FileLock> lock_run(const RunPaths& paths) {
  return std::make_unique<FileLock>(
      paths.lock,
      FileLock::Words{fmt::format("training {}", paths.checkpoint.lexically_normal().string()),
                      "wait for its end, or give this run a `name`"});
}

std::string holder_of(const Error& error) {
  const std::string reason(error.reason());
  const std::size_t end = reason.find(" already: ");
  if (error.operation() != "lock" || end == std::string::npos) throw error;
  return reason.substr(0, end);
}

}  // namespace hourglass
