// Where the files of a data set lie on this machine. Reads no file and no network: see open.h.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/data/catalogue.h"

namespace hourglass {

/// The four files of an IDX data set, in the order of kIdxFileNames, plain or gzip'd.
struct IdxFiles {
  std::filesystem::path folder;
  std::array<std::filesystem::path, 4> paths;
};

/// The four files in one folder, images also under the name of rank 4 ("...-idx4-ubyte"); nothing
/// if one of them is missing, whose name is then put into `missing`.
std::optional<IdxFiles> idx_files_in(const std::filesystem::path& folder, std::string* missing);

/// Whether the folder holds at least one of the four.
bool holds_idx_files(const std::filesystem::path& folder);

/// The folders that are searched, in order: data_dir, $HOURGLASS_DATA_DIR, ./data, the cache.
/// Throws Error if data_dir is named and is not a folder that can be read.
std::vector<std::filesystem::path> search_folders(const std::filesystem::path& data_dir);

struct Search {
  std::optional<IdxFiles> found;
  std::string tried;  // for an error: the places, and what was missing in a half-filled one
};

/// Looks for FOLDER/NAME/ and FOLDER/TORCHVISION/raw/ in each of the folders.
Search find_idx_files(const CatalogueEntry& entry,
                      const std::vector<std::filesystem::path>& folders);

}  // namespace hourglass
