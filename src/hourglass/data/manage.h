// Functions for `data list`, `data fetch` and `data verify`. Reads no images: see open.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/data/catalogue.h"
#include "hourglass/data/find.h"
#include "hourglass/data/open.h"

namespace hourglass {

/// Facts about a data set that are known without reading it.
struct DatasetFacts {
  std::string name;
  std::string title;
  std::string location;  // the folder or archive where it was found, "built in", or "not here"
  bool here = false;
  std::int64_t train_images = 0;
  std::int64_t test_images = 0;
  ImageShape shape;
  std::vector<std::string> class_names;
  std::string licence;
  std::int64_t download_bytes = 0;  // about, of all its files; 0 of what is built in
};

/// The facts of every known data set, in the catalogue's order, `strokes` last.
std::vector<DatasetFacts> list_datasets(const OpenOptions& options = {});

/// The files of a data set of the catalogue, found on this machine, or downloaded into the user's
/// cache if options.allow_download. With a data_dir nothing is downloaded: it holds the data set,
/// or Error says what it holds. Throws Error with the folders that were searched.
FoundFiles find_or_download(const CatalogueEntry& entry, const OpenOptions& options = {});

/// The files of a data set of the catalogue by name, downloaded if they are not here: into
/// data_dir, if that is named, otherwise into the user's cache. Returns their folder or archive.
/// Throws Error for a name that is not in the catalogue.
std::filesystem::path fetch_dataset(const std::string& name, const OpenOptions& options = {});

struct FileCheck {
  std::filesystem::path path;
  std::string expected;      // SHA-256 from the catalogue, of the file or of its decompressed bytes
  std::string found;         // the same of the file; empty when it could not be read
  std::string trouble;       // why it could not be read or checked; empty when it could
  bool has_checksum = true;  // false: nobody published one for this file
  bool good() const { return has_checksum && found == expected; }
};

/// Reads the files of a data set of the catalogue and compares checksums. Wrong files are reported,
/// not thrown. Throws Error if the name is unknown or the data set is not on this machine.
std::vector<FileCheck> verify_dataset(const std::string& name, const OpenOptions& options = {});

}  // namespace hourglass
