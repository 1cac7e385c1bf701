#include "hourglass/data/find.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
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

/// A file under its standard name, or one of the other names that IDX files have.
fs::path find_one(const fs::path& folder, const std::string& standard) {
  fs::path path = plain_or_gzip(folder, standard);
  const auto rank = standard.find("-idx");
  if (!path.empty() || rank == std::string::npos) return path;
  const std::string before = standard.substr(0, rank), after = standard.substr(rank + 4);
  path = plain_or_gzip(folder, before + ".idx" + after);
  if (path.empty() && after.starts_with('3')) {
    path = plain_or_gzip(folder, before + "-idx4" + after.substr(1));
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

/// A folder below another; "" is that one itself.
fs::path below(const fs::path& folder, const std::string& name) {
  return name.empty() ? folder : folder / name;
}

}  // namespace

std::optional<FoundFiles> files_in(const CatalogueEntry& entry, const fs::path& folder,
                                   std::string* missing) {
  FoundFiles files{folder, {}, {}, {}};
  std::string first_missing;
  bool some = false;
  const auto look_for = [&](const std::vector<std::string>& names, std::vector<fs::path>& paths) {
    for (const auto& name : names) {
      paths.push_back(find_one(folder, name));
      if (!paths.back().empty()) {
        some = true;
      } else if (first_missing.empty()) {
        first_missing = name;
      }
    }
  };
  look_for(entry.train, files.train);
  look_for(entry.test, files.test);
  if (first_missing.empty()) return files;

  const bool packed = !entry.archive_folder.empty();
  if (packed && is_file(folder / entry.files[0].name)) {
    files = {folder, folder / entry.files[0].name, {}, {}};
    const auto name_in_archive = [&](const std::string& name) {
      return entry.archive_folder + name + (entry.format == ImageFormat::idx ? ".gz" : "");
    };
    for (const auto& name : entry.train) files.train.emplace_back(name_in_archive(name));
    for (const auto& name : entry.test) files.test.emplace_back(name_in_archive(name));
    return files;
  }
  if (missing != nullptr) *missing = some ? first_missing : "";
  return std::nullopt;
}

std::vector<fs::path> search_folders(const fs::path& data_dir) {
  if (!data_dir.empty()) {
    check_data_dir(data_dir);
    return {data_dir};
  }
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("HOURGLASS_DATA_DIR"); named != nullptr && *named != '\0') {
    folders.emplace_back(named);
  }
  folders.emplace_back("data");
  if (const auto cache = cache_folder()) folders.push_back(*cache);
  return folders;
}

FileSearch find_files(const CatalogueEntry& entry, const std::vector<fs::path>& folders) {
  FileSearch search;
  std::vector<std::string> tried;
  for (const auto& folder : folders) {
    bool incomplete = false;
    for (const auto& name : entry.folders) {
      const fs::path candidate = below(folder, name);
      std::string missing;
      search.found = files_in(entry, candidate, &missing);
      if (search.found) return search;
      if (!missing.empty()) {
        incomplete = true;
        tried.push_back(fmt::format("{} (lacks {})", candidate.string(), missing));
      }
    }
    for (const auto& name : entry.unreadable) {
      std::error_code ignored;
      if (!fs::exists(folder / name, ignored)) continue;
      tried.push_back(
          fmt::format("{} (the version for Python, which is not read)", (folder / name).string()));
    }
    if (!incomplete) tried.push_back((folder / entry.folders.front()).string());
  }
  search.tried = fmt::format("{}", fmt::join(tried, ", "));
  return search;
}

std::string contents_of(const fs::path& folder) {
  constexpr std::size_t kMostNamed = 4;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error), end; !error && entries != end;
       entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) return "nothing";
  const std::size_t named = std::min(names.size(), kMostNamed);
  const std::size_t more = names.size() - named;
  names.resize(named);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace hourglass
