// The user's images: a folder of image files. Not IDX (idx.h), not arrays (array_images.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "hourglass/base/progress.h"
#include "hourglass/data/dataset.h"
#include "hourglass/data/fit.h"

namespace hourglass {

struct FolderOptions {
  std::optional<ImageSize> image_size;  // without it, all images must have one size
  ImageFit fit = ImageFit::stretch;     // how they are brought to it
  Background background{true, {}};      // automatic: black or white, whichever leaves transparent
                                        // images more contrast; black if there are none
};

/// Reads PNG, JPEG, WebP and TIFF files (image.h), wherever their names end in upper or lower case:
/// - FOLDER/CLASS/NAME; folders in a class folder belong to the class.
/// - FOLDER/NAME: images without labels, if no folder holds any.
/// - FOLDER/train/ and FOLDER/test/ (or training, testing; val, valid or validation in the place of
///   a test that is not there), each as one of these.
/// Without a test half the test images are every sixth file of each class in sorted order (the 6th,
/// the 12th, ...), or of all images if no class has six. Classes and files are sorted by the bytes
/// of their names; the data set has the folder's name; rows have the names of their files below it.
/// Images are grey if every pixel of every image is, otherwise RGB; bytes unless an image has more
/// than 8 bits. Sizes are compared before any pixel is read. `notes` say what was left out (files
/// of other kinds, counted) and what was changed.
///
/// Throws Error naming the files if two images differ in size and no `image_size` is given, if an
/// image cannot be read, or if no image is left to train or to test with.
Dataset read_image_folder(const std::filesystem::path& folder, const FolderOptions& options,
                          Progress& progress);

/// The last name in a path, also for "images/" and "."; "images" if there is none. UTF-8 whatever
/// the name is.
std::string folder_name(const std::filesystem::path& folder);

}  // namespace hourglass
