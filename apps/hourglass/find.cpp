// Which checkpoint a name means.
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "common.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/train/record_file.h"
#include "hourglass/train/run_paths.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".safetensors";
constexpr std::string_view kPack = ".explore.safetensors";  // of the explorer: no checkpoint

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// "mnist_32" of ".../mnist_32.safetensors".
std::string short_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return ends_with(name, kEnding) ? name.substr(0, name.size() - kEnding.size()) : name;
}

/// Whether the file is used only if named: a copy of a run or its state, not its checkpoint.
bool stands_aside(const std::string& name) {
  return ends_with(name, ".resume") || ends_with(name, ".best") || ends_with(name, ".previous");
}

/// The files OUT/models/*/*.safetensors, sorted by path.
std::vector<fs::path> checkpoints_in(const fs::path& out) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& folder : fs::directory_iterator(out / "models", ignored)) {
    for (const auto& file : fs::directory_iterator(folder.path(), ignored)) {
      const std::string name = file.path().filename().string();
      if (file.is_regular_file(ignored) && ends_with(name, kEnding) && !ends_with(name, kPack)) {
        found.push_back(file.path().lexically_normal());
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// When a run was finished, by its record, or, for one of version 0.1.0, when its checkpoint was
/// written. An unfinished run counts only where no run is finished.
struct RunTime {
  bool finished = false;
  std::string time;

  bool is_later_than(const RunTime& other) const {
    return std::tie(finished, time) > std::tie(other.finished, other.time);
  }
};

RunTime time_of(const fs::path& checkpoint, bool* recorded = nullptr) {
  const auto record = read_record_file(run_of(checkpoint).record);
  if (recorded != nullptr) *recorded = record.has_value();
  if (record && !record->finished.empty()) return {true, record->finished};
  return {!record, utc_of(checkpoint)};
}

fs::path newest_checkpoint(const Common& common) {
  fs::path newest;
  RunTime latest;
  bool by_record = false;
  for (const fs::path& path : checkpoints_in(common.out)) {
    if (stands_aside(short_name(path))) continue;
    bool recorded = false;
    const RunTime time = time_of(path, &recorded);
    if (time.time.empty() || (!newest.empty() && !time.is_later_than(latest))) continue;
    newest = path;
    latest = time;
    by_record = recorded && time.finished;
  }
  if (newest.empty()) {
    fail("checkpoint", "there is none in {}: train one with `hourglass train`, or name a file",
         (common.out / "models").lexically_normal().string());
  }
  note(common, fmt::format("using {}, {}", newest.string(),
                           by_record ? "the run finished last" : "the newest"));
  return newest;
}

fs::path checkpoint_at(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    fail("checkpoint", "{} is a folder: name a .safetensors file", path.string());
  }
  if (!fs::exists(path, ignored)) {
    std::vector<std::string> there;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (const auto& file : fs::directory_iterator(folder, ignored)) {
      const std::string name = file.path().filename().string();
      if (!ends_with(name, kEnding) || ends_with(name, kPack)) continue;
      there.push_back((path.parent_path() / file.path().filename()).string());
    }
    std::sort(there.begin(), there.end());
    fail("checkpoint", "there is no file {}{}", path.string(), suggestion(path.string(), there));
  }
  return path;
}

/// Says which run a short name means if one with a number, `mnist_32-2`, is newer.
void note_newer(const fs::path& path, const Common& common) {
  const std::string name = short_name(path);
  fs::path newest = path;
  for (const fs::path& other : checkpoints_in(path.parent_path().parent_path().parent_path())) {
    if (other.parent_path().filename() != path.parent_path().filename()) continue;
    const bool sibling = number_of(short_name(other), name).value_or(1) > 1;
    if (sibling && time_of(other).is_later_than(time_of(newest))) newest = other;
  }
  if (newest == path) return;
  note(common, fmt::format("using {}; {} is newer", name, short_name(newest)));
}

fs::path named_checkpoint(const std::string& name, const Common& common) {
  std::vector<fs::path> matches;
  std::vector<std::string> names;
  for (const fs::path& path : checkpoints_in(common.out)) {
    if (short_name(path) == name) matches.push_back(path);
    names.push_back(short_name(path));
  }
  if (matches.size() == 1) {
    note_newer(matches.front(), common);
    return matches.front();
  }
  if (matches.size() > 1) {
    fail("checkpoint", "{} may be {} or {}: name the file", name, matches[0].string(),
         matches[1].string());
  }
  std::sort(names.begin(), names.end());
  std::string remedy = suggestion(name, names);
  if (remedy.empty()) {
    names.erase(std::remove_if(names.begin(), names.end(), stands_aside), names.end());
    remedy = names.empty() ? ": train one with `hourglass train`, or name a file"
                           : fmt::format(": there {} {}", names.size() == 1 ? "is" : "are",
                                         fmt::join(names, ", "));
  }
  fail("checkpoint", "there is no {} in {}{}", name,
       (common.out / "models").lexically_normal().string(), remedy);
}

void refuse_state(const fs::path& path) {
  const std::string name = short_name(path);
  if (ends_with(path.string(), kPack) && !is_model_file(path)) {
    const std::string run = name.substr(0, name.size() - std::string_view(".explore").size());
    fail("checkpoint", "{} is what the explorer keeps of a model, not a model: name {}",
         path.string(), (path.parent_path() / (run + std::string(kEnding))).string());
  }
  if (!ends_with(name, ".resume")) return;
  const std::string run = name.substr(0, name.size() - std::string_view(".resume").size());
  fail("checkpoint", "{} is the state of a run that can be resumed, not a model: name {}",
       path.string(), (path.parent_path() / (run + std::string(kEnding))).string());
}

}  // namespace

fs::path find_checkpoint(const std::string& given, const Common& common) {
  if (given.empty()) return newest_checkpoint(common);
  std::error_code ignored;
  const bool is_path = given.find('/') != std::string::npos || ends_with(given, kEnding) ||
                       fs::is_regular_file(given, ignored);
  fs::path path = is_path ? checkpoint_at(given) : named_checkpoint(given, common);
  refuse_state(path);
  return path;
}

std::optional<fs::path> best_beside(const fs::path& path) {
  const fs::path best = run_of(path).best;
  std::error_code ignored;
  if (best == path || !fs::exists(best, ignored)) return std::nullopt;
  return best;
}

std::string checkpoint_name(const fs::path& path) {
  std::error_code ignored;
  const fs::path models = path.parent_path().parent_path();
  return fs::equivalent(models, "models", ignored) ? short_name(path) : quoted(path.string());
}

}  // namespace hourglass::cli
