#include "hourglass/data/catalogue.h"

#include <fmt/ranges.h>

#include <cstdlib>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/data/impl/catalogue_entries.h"

namespace hourglass {
namespace {

/// The variable's value; nothing when it is unset or empty.
std::optional<std::filesystem::path> folder_from(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

const std::vector<CatalogueEntry>& catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all;
    for (auto&& some : {idx_entries(), emnist_entries(), cifar_entries()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return entries;
}

const CatalogueEntry* find_in_catalogue(std::string_view name) {
  for (const auto& entry : catalogue()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::vector<std::string> known_datasets() {
  std::vector<std::string> names;
  for (const auto& entry : catalogue()) names.push_back(entry.name);
  names.emplace_back("strokes");
  return names;
}

std::optional<std::filesystem::path> cache_folder() {
  // A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
  const auto cache = folder_from("XDG_CACHE_HOME");
  if (cache && cache->is_absolute()) return *cache / "hourglass";
  if (const auto home = folder_from("HOME")) return *home / ".cache" / "hourglass";
  return std::nullopt;
}

void fail_unknown_dataset(std::string_view name) {
  const auto names = known_datasets();
  std::vector<std::string> splits;  // of `emnist`, to which mnist would be the nearest name
  for (const auto& known : names) {
    if (known.starts_with(fmt::format("{}_", name))) splits.push_back(known);
  }
  if (splits.size() > 1) {
    fail("data", "unknown data set {}: there are {}", name, fmt::join(splits, ", "));
  }
  const std::string hint = suggestion(name, names);
  fail("data", "unknown data set {}{} {}, and any folder of images by its path", name,
       hint.empty() ? ": known are" : hint + " Known are", fmt::join(names, ", "));
}

}  // namespace hourglass
