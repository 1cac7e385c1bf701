// The user's images as IDX files in a folder, under MNIST's names or others. Not the data sets of
// the catalogue: catalogue_images.h.
#pragma once

#include <filesystem>

#include "hourglass/data/dataset.h"

namespace hourglass {

/// Whether a file in the folder is named as IDX files are: "...images-idx3-ubyte" or
/// "...labels-idx1-ubyte", with a dot for the hyphen, of another rank, or with ".gz".
bool holds_idx_files(const std::filesystem::path& folder);

/// Reads a pair of images and labels for training, whose names have "train", and one to test with,
/// whose names have "t10k" or "test". If there is one pair only, every sixth image of each class is
/// a test image. Labels may be missing for all. Classes are named by their numbers, the data set by
/// its folder. Throws Error if the folder has several data sets or a file is missing or damaged.
///
/// The pixels stay as they are stored; `transposed` says that the caller will turn them, without
/// which a note says so where the names are those of EMNIST.
Dataset read_idx_folder(const std::filesystem::path& folder, bool transposed);

}  // namespace hourglass
