#include "hourglass/lab/figure_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/json.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEpoch = "epoch_";

/// Takes `start` from the front of `text`; false if it does not begin so.
bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

/// Takes the digits at the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.starts_with('-')) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// The data files BEFOREepoch_NUMBER.npz of a folder, by number.
std::map<std::int64_t, fs::path> numbered_data(const fs::path& folder, const std::string& before) {
  std::map<std::int64_t, fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    std::string_view rest = name;
    if (!take(rest, before) || !take(rest, kEpoch)) continue;
    const auto epoch = take_number(rest);
    if (epoch && rest == ".npz") found.emplace(*epoch, entry.path());
  }
  return found;
}

/// Whether a file of the folder `kind` is a figure of the run, by its name.
bool is_of_run(std::string_view kind, std::string_view name, std::string_view run) {
  const std::string whole(name);
  if (is_temporary_file(whole)) {
    name = name.substr(0, name.rfind('.'));  // without the process id, then without ".tmp"
    name = name.substr(0, name.rfind('.'));
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot + 1);
  const bool model = kind == "umap" && extension == "safetensors";
  if (extension != "png" && extension != "svg" && extension != "pdf" && extension != "npz" &&
      !model) {
    return false;
  }
  name = name.substr(0, dot);
  if (!take(name, run)) return false;
  if (kind == "loss") return name.empty();
  if (kind == "umap" && name == "_film") return !model;
  return take(name, "_") && take(name, kEpoch) && take_number(name) &&
         (name.empty() || (name == "_trust" && !model));
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

std::string checkpoint_stem(const fs::path& checkpoint) {
  return checkpoint.stem().string();
}

fs::path FigureFolder::path(std::string_view kind, std::int64_t epoch, std::string_view extension,
                            std::string_view suffix) const {
  return folder / kind / fmt::format("{}_{}{:02}{}.{}", run, kEpoch, epoch, suffix, extension);
}

fs::path FigureFolder::loss(std::string_view extension) const {
  return folder / "loss" / fmt::format("{}.{}", run, extension);
}

fs::path FigureFolder::model(std::int64_t epoch) const {
  return path("umap", epoch, "safetensors");
}

fs::path FigureFolder::film() const {
  return folder / "umap" / (run + "_film.png");
}

std::map<std::int64_t, fs::path> FigureFolder::data_by_epoch(std::string_view kind) const {
  auto found = numbered_data(folder / kind, run + "_");
  if (older.empty()) return found;
  const auto before = numbered_data(older / kind, "");
  const auto end = found.empty() ? before.end() : before.lower_bound(found.begin()->first);
  found.insert(before.begin(), end);
  return found;
}

std::vector<fs::path> FigureFolder::files() const {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& kind : fs::directory_iterator(folder, none)) {
    for (const auto& file : fs::directory_iterator(kind.path(), none)) {
      const std::string name = file.path().filename().string();
      const std::string of = kind.path().filename().string();
      if (is_of_run(of, name, run) || is_of_run(of, name, run + ".best")) {
        found.push_back(file.path());
      }
    }
  }
  std::ranges::sort(found);
  return found;
}

fs::path older_figures(const fs::path& folder, std::string suffix, FigureOwner owner) {
  std::ranges::replace(suffix, '.', '_');
  const fs::path older = folder.string() + suffix;
  // The run whose figures were moved aside had the same name.
  constexpr std::string_view previous = ".previous";
  if (owner.run.ends_with(previous)) owner.run.resize(owner.run.size() - previous.size());
  try {
    const auto bytes = read_file(older / "run.json", 1 << 20);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return parse_figure_owner(text) == owner ? older : fs::path();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace hourglass
