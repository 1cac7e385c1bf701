// The entry point of this module: opens a data set by its name, or the user's images by their path.
// Finds, downloads if needed, and reads. Caches nothing in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/data/dataset.h"
#include "hourglass/data/download.h"
#include "hourglass/data/resize.h"

namespace hourglass {

struct OpenOptions {
  std::filesystem::path data_dir;       // must hold the data set; empty: the usual folders
  std::optional<ImageSize> image_size;  // images are resized to it; without it, sizes must agree
  std::string fit = "stretch";          // how they are resized: stretch, crop or pad (fit.h)
  std::string background = "auto";      // below transparent images: auto, black, white, #rrggbb
  bool transpose = false;      // swaps rows and columns of the user's own images, as EMNIST's need
  bool allow_download = true;  // false: a missing data set is an error
  Progress* progress = &Progress::none();  // of downloads and of reading folders
  DownloadOptions download;
  std::int64_t strokes_train = 12000;  // images drawn for `strokes`
  std::int64_t strokes_test = 2000;
  std::uint64_t strokes_seed = 1;  // another seed draws other digits; the test set's is seed + 1
};

/// Opens a data set of the catalogue (catalogue.h) or `strokes` by its name; or the path of a
/// folder of IDX files (impl/idx_folder.h) or of images (impl/image_folder.h), of a .npz or .npy
/// file (impl/array_images.h), or of a table of pixels (impl/table_images.h). A name is searched in
/// data_dir alone, if that is named, otherwise in $HOURGLASS_DATA_DIR, ./data and the user's cache,
/// as FOLDER/NAME/ or as torchvision stores it, then downloaded. Throws Error with the folders that
/// were searched, or with the nearest known name for an unknown one. Does not compare checksums:
/// see manage.h.
Dataset open_dataset(const std::string& name_or_path, const OpenOptions& options = {});

/// SHA-256 over shape, pixels and labels of both splits, for Dataset.sha256. Pixels are hashed as
/// stored: bytes or little-endian float32. Names are not hashed.
std::string dataset_sha256(const Dataset& dataset);

}  // namespace hourglass
