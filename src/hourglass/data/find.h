// Finds the files of a data set on this machine. Reads no file and uses no network: see open.h.
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

/// The four files in one folder, images also under the name of rank 4 ("...-idx4-ubyte"). If one is
/// missing, returns nullopt and sets `missing` to its name.
std::optional<IdxFiles> idx_files_in(const std::filesystem::path& folder, std::string* missing);

/// Whether the folder has at least one of the four files.
bool holds_idx_files(const std::filesystem::path& folder);

/// The folders that are searched, in order: data_dir, $HOURGLASS_DATA_DIR, ./data, the cache.
/// Throws Error if data_dir is named and is not a folder that can be read.
std::vector<std::filesystem::path> search_folders(const std::filesystem::path& data_dir);

struct IdxSearch {
  std::optional<IdxFiles> found;
  std::string tried;  // for messages: the folders, and what was missing in an incomplete one
};

/// Looks for FOLDER/NAME/ and FOLDER/TORCHVISION/raw/ in each of the folders.
IdxSearch find_idx_files(const CatalogueEntry& entry,
                         const std::vector<std::filesystem::path>& folders);

}  // namespace hourglass
