#include "hourglass/data/find.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// The plain file, which reads faster, or the gzip'd one, or nothing.
fs::path plain_or_gzip(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    fs::path path = folder / (name + ending);
    if (is_file(path)) return path;
  }
  return {};
}

fs::path find_one(const fs::path& folder, std::string_view standard) {
  std::string name(standard);
  fs::path path = plain_or_gzip(folder, name);
  const auto rank = name.find("idx3");
  if (path.empty() && rank != std::string::npos) {
    path = plain_or_gzip(folder, name.replace(rank, 4, "idx4"));
  }
  return path;
}

void check_data_dir(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    fail_file("data", "`data_dir` {}: {}", folder.string(),
              fs::exists(folder, error) ? "is not a folder" : "no such folder");
  }
  if (::access(folder.c_str(), R_OK | X_OK) != 0) {
    fail_file("data", "`data_dir` {}: cannot be read: {}", folder.string(), std::strerror(errno));
  }
}

}  // namespace

std::optional<IdxFiles> idx_files_in(const fs::path& folder, std::string* missing) {
  IdxFiles files{folder, {}};
  for (std::size_t i = 0; i < kIdxFileNames.size(); ++i) {
    files.paths[i] = find_one(folder, kIdxFileNames[i]);
    if (!files.paths[i].empty()) continue;
    if (missing != nullptr) *missing = kIdxFileNames[i];
    return std::nullopt;
  }
  return files;
}

bool holds_idx_files(const fs::path& folder) {
  for (const auto name : kIdxFileNames) {
    if (!find_one(folder, name).empty()) return true;
  }
  return false;
}

std::vector<fs::path> search_folders(const fs::path& data_dir) {
  std::vector<fs::path> folders;
  if (!data_dir.empty()) {
    check_data_dir(data_dir);
    folders.push_back(data_dir);
  }
  if (const char* named = std::getenv("HOURGLASS_DATA_DIR"); named != nullptr && *named != '\0') {
    folders.emplace_back(named);
  }
  folders.emplace_back("data");
  if (const auto cache = cache_folder()) folders.push_back(*cache);
  return folders;
}

IdxSearch find_idx_files(const CatalogueEntry& entry, const std::vector<fs::path>& folders) {
  IdxSearch search;
  std::vector<std::string> tried;
  for (const auto& folder : folders) {
    for (const auto& candidate : {folder / entry.name, folder / entry.torchvision_folder / "raw"}) {
      std::string missing;
      search.found = idx_files_in(candidate, &missing);
      if (search.found) return search;
      if (holds_idx_files(candidate)) {
        tried.push_back(fmt::format("{} (lacks {})", candidate.string(), missing));
      }
    }
    tried.push_back((folder / entry.name).string());
  }
  search.tried = fmt::format("{}", fmt::join(tried, ", "));
  return search;
}

}  // namespace hourglass
