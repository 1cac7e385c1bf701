// The user's images: class folders of PNGs. Not IDX (idx.h) and no other image format.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "hourglass/base/progress.h"
#include "hourglass/data/dataset.h"
#include "hourglass/data/resize.h"

namespace hourglass {

/// Reads FOLDER/train/CLASS/*.png and FOLDER/test/CLASS/*.png if both train/ and test/ exist,
/// otherwise FOLDER/CLASS/*.png; the test images are then every sixth file of each class in sorted
/// order (the 6th, the 12th, ...). Classes and files are sorted by the bytes of their names; the
/// data set has the folder's name. Images are grey if every pixel of every image is, otherwise RGB.
/// Names that begin with a dot and files that are not .png are ignored; `source` counts the latter.
/// Throws Error naming the files if two images differ in size and no `image_size` is given, if a
/// PNG cannot be read, if there are no classes, a class without images, or no test images.
Dataset read_image_folder(const std::filesystem::path& folder, std::optional<ImageSize> image_size,
                          Progress& progress);

/// The last name in a path, also for "images/" and "."; "images" if there is none.
std::string folder_name(const std::filesystem::path& folder);

}  // namespace hourglass
