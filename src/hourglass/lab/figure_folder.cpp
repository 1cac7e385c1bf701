#include "hourglass/lab/figure_folder.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/json.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFacts = "run.json";

std::optional<FigureOwner> recorded_owner(const fs::path& facts) {
  if (!fs::exists(facts)) return std::nullopt;
  const auto bytes = read_file(facts, 1 << 20);
  return parse_figure_owner({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// Removes run.json last: a folder without it is not known to hold figures and is never removed.
void remove_figures(const fs::path& folder, std::error_code& error) {
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!error && entry.path().filename() != kFacts) fs::remove_all(entry.path(), error);
    if (error) return;
  }
  fs::remove_all(folder, error);
}

/// Removes files that a killed process had begun to write. Only for the holder of the lock.
void remove_incomplete(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> incomplete;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (is_temporary_file(entry.path())) incomplete.push_back(entry.path());
  }
  for (const fs::path& file : incomplete) remove_file(file);
}

}  // namespace

std::optional<FigureOwner> parse_figure_owner(std::string_view text) {
  const nlohmann::json json = parse_json(text).value_or(nullptr);
  try {
    return FigureOwner{json.at("run"),
                       json.at("model"),
                       json.at("dataset"),
                       json.at("dataset_sha256"),
                       whole_number(json, "latent_dim"),
                       natural_number(json, "seed")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

fs::path FigureFolder::facts_path() const {
  return folder_ / kFacts;
}

std::string checkpoint_stem(const fs::path& checkpoint) {
  return checkpoint.stem().string();
}

bool FigureFolder::is_ours() const {
  return recorded_owner(facts_path()) == owner_;
}

void FigureFolder::hold() {
  if (lock_) return;
  make_folder(folder_.parent_path());
  lock_.emplace(folder_.string() + ".lock",
                FileLock::Words{fmt::format("drawing into {}", folder_.lexically_normal().string()),
                                "wait for its end, or give this run a name of its own"});
  if (lock_->held()) remove_incomplete(folder_);
}

void FigureFolder::open() {
  if (open_) return;
  open_ = true;
  if (!is_ours()) hold();
  const auto recorded = recorded_owner(facts_path());
  const bool ours = found_ == Owner::as_recorded && recorded == owner_;
  if (recorded && !ours) {
    const fs::path aside = folder_.string() + "_previous";
    std::error_code error;
    // Only a folder of figures is replaced.
    if (fs::exists(aside / kFacts)) remove_figures(aside, error);
    if (!error) fs::rename(folder_, aside, error);
    if (error) {
      fail("figures", "cannot move the figures of another run from {} to {}: {}", folder_.string(),
           aside.string(), error.message());
    }
  }
  make_folder(folder_);
  const nlohmann::ordered_json facts{{"run", owner_.run},
                                     {"model", owner_.model},
                                     {"dataset", owner_.dataset},
                                     {"dataset_sha256", owner_.dataset_sha256},
                                     {"latent_dim", owner_.latent_dim},
                                     {"seed", owner_.seed}};
  write_file(facts_path(), facts.dump(2) + "\n");
}

}  // namespace hourglass
