#include "hourglass/data/manage.h"

#include "hourglass/base/error.h"
#include "hourglass/data/download.h"
#include "hourglass/data/impl/byte_reader.h"
#include "hourglass/data/strokes.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

const CatalogueEntry& entry_of(const std::string& name) {
  const CatalogueEntry* entry = find_in_catalogue(name);
  if (entry == nullptr && name == "strokes") {
    fail("data", "strokes is built in: it has no files to fetch or verify");
  }
  if (entry == nullptr) fail_unknown_dataset(name);
  return *entry;
}

/// What to do without a network.
std::string remedy(const CatalogueEntry& entry) {
  return fmt::format(
      "put its files into DIR/{} and name DIR with `data_dir`, or use `dataset` strokes, which is "
      "built in",
      entry.folders.front());
}

/// For a data_dir without the data set: another copy must not be used instead.
[[noreturn]] void fail_not_in(const CatalogueEntry& entry, const fs::path& data_dir,
                              const std::string& tried) {
  fail_file("data",
            "`data_dir` {} holds no {}: there is {}; looked for in {}: put its files there, or "
            "download them with `hourglass data fetch {} --data_dir {}`",
            data_dir.string(), entry.name, contents_of(data_dir), tried, entry.name,
            data_dir.string());
}

/// The files of the data set; throws Error if they were not found.
FoundFiles find_here(const CatalogueEntry& entry, const OpenOptions& options) {
  FileSearch search = find_files(entry, search_folders(options.data_dir));
  if (search.found) return std::move(*search.found);
  if (!options.data_dir.empty()) fail_not_in(entry, options.data_dir, search.tried);
  fail_file("data",
            "{} was not found, looked for in {}: fetch it with `hourglass data fetch {}`, {}",
            entry.name, search.tried, entry.name, remedy(entry));
}

FoundFiles download(const CatalogueEntry& entry, const std::string& tried,
                    const OpenOptions& options) {
  const auto parent = options.data_dir.empty() ? cache_folder() : std::optional(options.data_dir);
  if (!parent) {
    fail_file(
        "data",
        "{} was not found, looked for in {}, and there is no folder to download it into as neither "
        "HOME nor XDG_CACHE_HOME is set: {}",
        entry.name, tried, remedy(entry));
  }
  const fs::path folder = *parent / entry.folders.front();
  try {
    download_dataset(entry, folder, options.download, *options.progress);
  } catch (const Error& error) {
    fail_file("data", "{} was not found, looked for in {}, and could not be downloaded: {}; {}",
              entry.name, tried, error.reason(), remedy(entry));
  }
  std::string missing;
  auto files = files_in(entry, folder, &missing);
  if (!files) fail_file("data", "{} vanished from {}: try again", missing, folder.string());
  return std::move(*files);
}

/// The checksum of a file as the catalogue has it.
std::string checksum(const CatalogueFile& file, const fs::path& path) {
  return file.checksum_of == ChecksumOf::file ? sha256_of_file(path) : sha256_of_contents(path);
}

/// Checks the file that is read instead of `file`: the packed one beside it has the checksum.
void check_unpacked(const CatalogueFile& file, FileCheck& check) {
  const fs::path packed = check.path.parent_path() / file.name;
  std::error_code ignored;
  check.has_checksum = fs::is_regular_file(packed, ignored);
  if (!check.has_checksum) {
    check.trouble = fmt::format("cannot be checked without {}, which has the checksum", file.name);
  } else if (const std::string found = checksum(file, packed); found != file.sha256) {
    check.trouble = fmt::format("{} beside it, which has the checksum, has other bytes", file.name);
  } else if (sha256_of_contents(packed) != sha256_of_contents(check.path)) {
    check.trouble = fmt::format("differs from {} beside it", file.name);
  } else {
    check.found = found;
  }
}

FileCheck check_file(const CatalogueFile& file, const fs::path& path) {
  FileCheck check{path, file.sha256, "", ""};
  try {
    const bool as_published =
        file.checksum_of == ChecksumOf::content || path.filename() == file.name;
    if (as_published) {
      check.found = checksum(file, path);
    } else {
      check_unpacked(file, check);
    }
  } catch (const Error& error) {
    check.trouble = error.reason();
  }
  return check;
}

}  // namespace

std::vector<DatasetFacts> list_datasets(const OpenOptions& options) {
  const auto folders = search_folders(options.data_dir);
  std::vector<DatasetFacts> all;
  for (const auto& entry : catalogue()) {
    const FileSearch search = find_files(entry, folders);
    const bool here = search.found.has_value();
    all.push_back({entry.name, entry.title, here ? search.found->place().string() : "not here",
                   here, entry.train_images, entry.test_images, entry.shape, entry.class_names,
                   entry.licence, 0});
    for (const auto& file : entry.files) all.back().download_bytes += file.download_bytes;
  }
  all.push_back({"strokes", "Digits drawn by this program", "built in", true, options.strokes_train,
                 options.strokes_test, strokes_shape(), strokes_class_names(), "MIT", 0});
  return all;
}

FoundFiles find_or_download(const CatalogueEntry& entry, const OpenOptions& options) {
  if (!options.allow_download || !options.data_dir.empty()) return find_here(entry, options);
  FileSearch search = find_files(entry, search_folders(options.data_dir));
  if (search.found) return std::move(*search.found);
  return download(entry, search.tried, options);
}

fs::path fetch_dataset(const std::string& name, const OpenOptions& options) {
  const CatalogueEntry& entry = entry_of(name);
  if (!options.allow_download) return find_here(entry, options).place();
  FileSearch search = find_files(entry, search_folders(options.data_dir));
  return search.found ? search.found->place() : download(entry, search.tried, options).place();
}

std::vector<FileCheck> verify_dataset(const std::string& name, const OpenOptions& options) {
  const CatalogueEntry& entry = entry_of(name);
  const FoundFiles files = find_here(entry, options);
  if (!files.archive.empty()) return {check_file(entry.files[0], files.archive)};
  std::vector<fs::path> paths = files.train;
  paths.insert(paths.end(), files.test.begin(), files.test.end());
  std::vector<FileCheck> checks;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (entry.archive_folder.empty()) {
      checks.push_back(check_file(entry.files[i], paths[i]));
    } else {
      checks.push_back(
          {paths[i], "", "",
           fmt::format("cannot be checked: only {} has a checksum", entry.files[0].name), false});
    }
  }
  return checks;
}

}  // namespace hourglass
