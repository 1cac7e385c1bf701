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
  std::string location;  // the folder where it was found, "built in", or "not here"
  bool here = false;
  std::int64_t train_images = 0;
  std::int64_t test_images = 0;
  std::vector<std::string> class_names;
};

/// The facts of every known data set, in the catalogue's order, `strokes` last.
std::vector<DatasetFacts> list_datasets(const OpenOptions& options = {});

/// The files of a data set of the catalogue, found on this machine, or downloaded into the user's
/// cache if options.allow_download. Throws Error with the folders that were searched.
IdxFiles find_or_fetch(const CatalogueEntry& entry, const OpenOptions& options = {});

/// The same by name; returns the folder of the files. Throws Error for a name that is not in the
/// catalogue.
std::filesystem::path fetch_dataset(const std::string& name, const OpenOptions& options = {});

struct FileCheck {
  std::filesystem::path path;
  std::string expected;  // SHA-256 of the decompressed bytes, from the catalogue
  std::string found;     // the same of the file; empty when it could not be read
  std::string trouble;   // why it could not be read; empty when it could
  bool good() const { return found == expected; }
};

/// Reads the four files of a data set of the catalogue and compares checksums. Wrong files are
/// reported, not thrown. Throws Error if the name is unknown or the data set is not on this
/// machine.
std::vector<FileCheck> verify_dataset(const std::string& name, const OpenOptions& options = {});

}  // namespace hourglass
