// Finds the files of the catalogue's data sets on this machine. Reads no file and uses no network:
// see open.h. The user's own folders: impl/idx_folder.h and impl/image_folder.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/data/catalogue.h"

namespace hourglass {

/// The files of a data set.
struct FoundFiles {
  std::filesystem::path folder;
  std::filesystem::path archive;  // empty where the others are files
  /// In the order of CatalogueEntry::train and test: paths of files, plain or gzip'd, or the names
  /// within the archive.
  std::vector<std::filesystem::path> train, test;

  /// The archive, or the folder.
  const std::filesystem::path& place() const { return archive.empty() ? folder : archive; }
};

/// The files in one folder, unpacked or as an archive; IDX also with a dot for the hyphen
/// ("images.idx3-ubyte") and of rank 4 ("images-idx4-ubyte"). If one is missing, returns nullopt
/// and sets `missing` to its name, or to "" where there is none at all.
std::optional<FoundFiles> files_in(const CatalogueEntry& entry, const std::filesystem::path& folder,
                                   std::string* missing = nullptr);

/// The folders that are searched, in order: data_dir alone if it is named, otherwise
/// $HOURGLASS_DATA_DIR, ./data and the cache. Throws Error if data_dir is named and is not a folder
/// that can be read.
std::vector<std::filesystem::path> search_folders(const std::filesystem::path& data_dir);

struct FileSearch {
  std::optional<FoundFiles> found;
  std::string tried;  // for messages: the folders, and what was missing in an incomplete one
};

/// Looks into CatalogueEntry::folders of each of the folders.
FileSearch find_files(const CatalogueEntry& entry,
                      const std::vector<std::filesystem::path>& folders);

/// What is in a folder, for messages: "a, b and 7 more", or "nothing".
std::string contents_of(const std::filesystem::path& folder);

}  // namespace hourglass
