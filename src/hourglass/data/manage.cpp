#include "hourglass/data/manage.h"

#include "hourglass/base/error.h"
#include "hourglass/data/download.h"
#include "hourglass/data/impl/byte_reader.h"
#include "hourglass/data/strokes.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemedy =
    "name the folder of its four IDX files with `data_dir`, or use `dataset` strokes, which is "
    "built in";

const CatalogueEntry& entry_of(const std::string& name) {
  const CatalogueEntry* entry = find_in_catalogue(name);
  if (entry == nullptr && name == "strokes") {
    fail("data", "strokes is built in: it has no files to fetch or verify");
  }
  if (entry == nullptr) fail_unknown_dataset(name);
  return *entry;
}

/// The files of the data set; throws Error if they were not found.
IdxFiles find_here(const CatalogueEntry& entry, const OpenOptions& options) {
  IdxSearch search = find_idx_files(entry, search_folders(options.data_dir));
  if (search.found) return std::move(*search.found);
  fail_file("data",
            "{} was not found, looked for in {}: fetch it with `hourglass data fetch {}`, {}",
            entry.name, search.tried, entry.name, kRemedy);
}

IdxFiles fetch_into_cache(const CatalogueEntry& entry, const std::string& tried,
                          const OpenOptions& options) {
  const auto cache = cache_folder();
  if (!cache) {
    fail_file(
        "data",
        "{} was not found, looked for in {}, and there is no folder to download it into as neither "
        "HOME nor XDG_CACHE_HOME is set: {}",
        entry.name, tried, kRemedy);
  }
  const fs::path folder = *cache / entry.name;
  try {
    download_dataset(entry, folder, options.download, *options.progress);
  } catch (const Error& error) {
    fail_file("data", "{} was not found, looked for in {}, and could not be downloaded: {}; {}",
              entry.name, tried, error.reason(), kRemedy);
  }
  std::string missing;
  auto files = idx_files_in(folder, &missing);
  if (!files) fail_file("data", "{} vanished from {}: try again", missing, folder.string());
  return std::move(*files);
}

}  // namespace

std::vector<DatasetFacts> list_datasets(const OpenOptions& options) {
  const auto folders = search_folders(options.data_dir);
  std::vector<DatasetFacts> all;
  for (const auto& entry : catalogue()) {
    const IdxSearch search = find_idx_files(entry, folders);
    const bool here = search.found.has_value();
    all.push_back({entry.name, entry.title, here ? search.found->folder.string() : "not here", here,
                   entry.train_images, entry.test_images, entry.class_names});
  }
  all.push_back({"strokes", "Digits drawn by this program", "built in", true, options.strokes_train,
                 options.strokes_test, strokes_class_names()});
  return all;
}

IdxFiles find_or_fetch(const CatalogueEntry& entry, const OpenOptions& options) {
  if (!options.allow_download) return find_here(entry, options);
  IdxSearch search = find_idx_files(entry, search_folders(options.data_dir));
  if (search.found) return std::move(*search.found);
  return fetch_into_cache(entry, search.tried, options);
}

fs::path fetch_dataset(const std::string& name, const OpenOptions& options) {
  return find_or_fetch(entry_of(name), options).folder;
}

std::vector<FileCheck> verify_dataset(const std::string& name, const OpenOptions& options) {
  const CatalogueEntry& entry = entry_of(name);
  const IdxFiles files = find_here(entry, options);
  std::vector<FileCheck> checks;
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    FileCheck check{files.paths[i], entry.files[i].sha256, "", ""};
    try {
      check.found = sha256_of_contents(check.path);
    } catch (const Error& error) {
      check.trouble = error.reason();
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace hourglass
