// The user's images in a NumPy file. Not latents or maps: see interop/matrix.h.
#pragma once

#include <filesystem>
#include <optional>

#include "hourglass/data/dataset.h"
#include "hourglass/data/resize.h"

namespace hourglass {

/// Reads a .npz with the array `images` or, if that is not there, its only array that can be
/// images; the test images are then every sixth image of each class, as in a folder of images. Or
/// reads `train_images` and `test_images` (or `x_train`, `x_test`; `X_train`, `X_test`), or a .npy.
/// Images are [n, height, width], [n, height, width, channels] or [n, channels, height, width], of
/// 1 or 3 channels; or [n, height * width] with `image_size`, which is then not a size to resize
/// to. See pixel_values.h for their numbers.
///
/// Beside the images a .npz may have `labels` (or `y` and others: text, or whole numbers, see
/// image_parts.h), `class_names` in the order of the labels, and `names` or `filenames`, one for
/// each image. Other arrays are left out, which dataset.notes say. Without labels, as in a .npy,
/// all images are of one class. The data set's name is the file's. Throws Error naming the array
/// for other names, shapes and numbers, and if a split has no image.
Dataset read_array_images(const std::filesystem::path& file,
                          std::optional<ImageSize> image_size = std::nullopt);

/// The shape of images that are rows of `pixels` numbers. Throws Error naming `source` and a remedy
/// unless `image_size` has as many.
ImageShape shape_of_rows(std::int64_t pixels, std::optional<ImageSize> image_size,
                         const std::string& source);

}  // namespace hourglass
