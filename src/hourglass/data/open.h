// The door of this module: a data set by its name, or one's own images by their folder. Finds,
// downloads when it must, reads. Not a cache of what was read.
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
  std::filesystem::path data_dir;       // looked into first; must exist unless empty
  std::optional<ImageSize> image_size;  // every image is stretched to it; without, sizes must agree
  bool allow_download = true;           // false: what is not found here is an error
  Progress* progress = &Progress::none();  // told of downloads and of reading folders
  DownloadOptions download;
  std::int64_t strokes_train = 12000;  // images drawn for `strokes`
  std::int64_t strokes_test = 2000;
  std::uint64_t strokes_seed = 1;  // another seed draws other digits; the test set's is seed + 1
};

/// `mnist`, `fashion_mnist` or `strokes`; otherwise the path of a folder that holds either the four
/// IDX files under MNIST's names, or one's own PNGs (image_folder.h); or of a .npz or .npy file
/// (array_images.h). A name is looked for in
/// data_dir, $HOURGLASS_DATA_DIR, ./data and the user's cache, as FOLDER/NAME/ or as torchvision
/// leaves it, then downloaded. Throws Error saying what was looked for where, and with the nearest
/// known name for an unknown one. Checksums are not compared here: see manage.h.
Dataset open_dataset(const std::string& name_or_path, const OpenOptions& options = {});

/// SHA-256 over shape, pixels and labels of both splits, as Dataset.sha256 holds it: pixels as they
/// are kept, bytes or little-endian float32. Names do not count.
std::string dataset_sha256(const Dataset& dataset);

}  // namespace hourglass
