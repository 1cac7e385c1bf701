#include "hourglass/train/run_paths.h"

#include <algorithm>
#include <charconv>

#include "hourglass/base/error.h"
#include "hourglass/models/registry.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

// Suffixes of a run's files beside the checkpoint; the second is of version 0.1.0.
constexpr std::string_view kBest = ".best", kPrevious = ".previous", kResume = ".resume",
                           kExplore = ".explore";
constexpr std::string_view kCheckpoint = ".safetensors";

bool ends_with_number(std::string_view name) {
  const std::size_t digits = name.find_last_not_of("0123456789");
  return digits != std::string_view::npos && digits + 1 < name.size() && name[digits] == '-';
}

void check_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!std::all_of(name.begin(), name.end(), allowed)) {
    fail("train", "name is '{}': use letters, digits, '-', '_' and '.' only", name);
  }
  for (const std::string_view ending : {kBest, kPrevious, kResume, kExplore}) {
    if (name.ends_with(ending)) {
      fail("train", "name is '{}': files of a run without that name end so; use another", name);
    }
  }
  if (ends_with_number(name)) {
    fail("train", "name is '{}': a number at the end is given by hourglass; use another", name);
  }
}

/// All paths but that of the figures, from ".../mnist_32".
RunPaths paths_of(const fs::path& stem) {
  const auto with = [&](std::string_view suffix) {
    return fs::path(stem.string() + std::string(suffix));
  };
  RunPaths paths;
  paths.run = stem.filename().string();
  paths.checkpoint = with(kCheckpoint);
  paths.best = with(std::string(kBest) + std::string(kCheckpoint));
  paths.state = with(std::string(kResume) + std::string(kCheckpoint));
  paths.metrics = with(".metrics.jsonl");
  paths.record = with(".run.json");
  paths.images = with(".images.tsv");
  paths.explore = pack_beside(paths.checkpoint);
  paths.best_explore = pack_beside(paths.best);
  paths.lock = with(".lock");
  return paths;
}

}  // namespace

RunPaths run_paths(const fs::path& out, std::string_view model, const std::string& dataset,
                   std::int64_t latent_dim, const std::string& name) {
  check_name(name);
  const ModelKind& kind = model_kind(model);
  const std::string suffix = name.empty() ? "" : "_" + name;
  RunPaths paths =
      paths_of(out / "models" / kind.name / (run_stem(kind, dataset, latent_dim) + suffix));
  paths.figures = out / "visu" / fmt::format("{}_{}", dataset, kind.folder);
  return paths;
}

RunPaths numbered(const RunPaths& base, std::int64_t number) {
  if (number == 1) return base;
  RunPaths paths = paths_of(base.checkpoint.parent_path() / fmt::format("{}-{}", base.run, number));
  paths.figures = base.figures;
  return paths;
}

std::optional<std::int64_t> number_of(std::string_view run, std::string_view base) {
  if (run == base) return 1;
  if (!run.starts_with(base) || run.size() < base.size() + 2 || run[base.size()] != '-') {
    return std::nullopt;
  }
  const char* const digits = run.data() + base.size() + 1;
  const char* const end = run.data() + run.size();
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(digits, end, number);
  const bool whole = error == std::errc() && stop == end && *digits != '0' && number >= 2;
  return whole ? std::optional(number) : std::nullopt;
}

std::vector<fs::path> files_of(const RunPaths& paths) {
  return {paths.checkpoint, paths.best, paths.state, paths.metrics, paths.record, paths.images};
}

std::vector<fs::path> packs_of(const RunPaths& paths) {
  return {paths.explore, paths.best_explore};
}

fs::path pack_beside(const fs::path& checkpoint) {
  const std::string name = checkpoint.stem().string() + std::string(kExplore);
  return checkpoint.parent_path() / (name + std::string(kCheckpoint));
}

RunPaths run_of(const fs::path& checkpoint) {
  fs::path stem = checkpoint.parent_path() / checkpoint.stem();
  if (stem.extension() == kBest) stem.replace_extension();
  return paths_of(stem);
}

}  // namespace hourglass
