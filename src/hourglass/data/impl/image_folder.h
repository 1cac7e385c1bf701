// One's own images: class folders of PNGs. Not IDX (idx.h) and no other picture format.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "hourglass/base/progress.h"
#include "hourglass/data/dataset.h"
#include "hourglass/data/resize.h"

namespace hourglass {

/// Reads FOLDER/train/CLASS/*.png and FOLDER/test/CLASS/*.png if both train/ and test/ exist,
/// otherwise FOLDER/CLASS/*.png, of which in every class each sixth file in sorted order is test
/// (the 6th, the 12th, ...). Classes and files are in the order of their names' bytes; the data
/// set's name is the folder's. Images are grey if every pixel of every image is, otherwise RGB.
/// Files that are not named .png and what begins with a dot are left out; `source` counts the
/// former. Throws Error naming the files if two images differ in size and no `image_size` is given,
/// if a PNG cannot be read, if there are no classes, a class without images, or none left to test.
Dataset read_image_folder(const std::filesystem::path& folder, std::optional<ImageSize> image_size,
                          Progress& progress);

/// The last name in a path, also of "images/" and "."; "images" where there is none.
std::string folder_name(const std::filesystem::path& folder);

}  // namespace hourglass
