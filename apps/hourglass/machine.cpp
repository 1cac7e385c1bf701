#include "machine.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hourglass/base/error.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/image.h"
#include "hourglass/data/transfer.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// The value after "KEY : " in a file of such lines, or "".
std::string value_of(const char* file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    const std::size_t colon = line.find(':');
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    if (colon != std::string::npos && begin != std::string::npos) return line.substr(begin);
  }
  return "";
}

/// The nearest folder above that exists.
fs::path existing_part(fs::path folder) {
  std::error_code ignored;
  while (!folder.empty() && !fs::exists(folder, ignored) && folder != folder.parent_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

}  // namespace

Processor processor() {
  Processor result;
  result.name = value_of("/proc/cpuinfo", "model name");
  utsname system{};
  if (result.name.empty()) result.name = ::uname(&system) == 0 ? system.machine : "unknown";
  // ARM calls them features, and NEON asimd.
  std::istringstream flags(value_of("/proc/cpuinfo", "flags") +
                           value_of("/proc/cpuinfo", "Features"));
  constexpr std::array kMatter{"sse4_2",  "avx",      "avx2",     "fma",     "asimd",
                               "avx512f", "avx512bw", "avx512dq", "avx512vl"};
  for (std::string flag; flags >> flag;) {
    for (const char* name : kMatter) {
      if (flag == name) result.features.push_back(flag);
    }
  }
  return result;
}

std::vector<Library> libraries() {
  const std::string curl = transfer_library_version();
  std::vector<Library> found{{"zlib", zlibVersion()}};
  for (const auto& [name, version] : image_libraries()) found.push_back({name, version});
  found.push_back({"cairo", cairo_version_string()});
  found.push_back({"libcurl", curl.empty() ? "not there, which only downloads need" : curl});
  found.push_back(
      {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                    NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)});
  found.push_back({"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                                      FMT_VERSION % 100)});
  return found;
}

Font figure_font() {
  const auto free_pattern = [](FcPattern* pattern) {
    if (pattern != nullptr) FcPatternDestroy(pattern);
  };
  using Pattern = std::unique_ptr<FcPattern, decltype(free_pattern)>;
  const auto text = [](const Pattern& pattern, const char* key) -> std::string {
    FcChar8* value = nullptr;
    if (!pattern || FcPatternGetString(pattern.get(), key, 0, &value) != FcResultMatch) return "";
    return reinterpret_cast<const char*>(value);
  };
  if (FcInit() == FcFalse) return {};
  const std::string wanted = "DejaVu Sans";
  const Pattern asked(FcNameParse(reinterpret_cast<const FcChar8*>(wanted.c_str())), free_pattern);
  FcConfigSubstitute(nullptr, asked.get(), FcMatchPattern);
  FcDefaultSubstitute(asked.get());
  FcResult result = FcResultNoMatch;
  const Pattern found(FcFontMatch(nullptr, asked.get(), &result), free_pattern);
  return {text(found, FC_FAMILY), text(found, FC_FILE)};
}

Folder cache() {
  const auto path = cache_folder();
  if (!path) return {};
  Folder folder;
  folder.path = path->string();
  std::error_code error;
  folder.exists = fs::is_directory(*path, error);
  const fs::path there = existing_part(*path);
  folder.writable = fs::is_directory(there, error) && ::access(there.c_str(), W_OK | X_OK) == 0;
  const fs::space_info space = fs::space(there, error);
  if (!error) folder.free_bytes = space.available;
  return folder;
}

}  // namespace hourglass::cli
