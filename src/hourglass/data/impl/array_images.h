// The user's images in a NumPy file. Not latents or maps: see interop/matrix.h.
#pragma once

#include <filesystem>

#include "hourglass/data/dataset.h"

namespace hourglass {

/// Reads a .npz with the arrays `images` and `labels`; the test images are then every sixth image
/// of each class, as in a folder of images. Or reads `train_images`, `train_labels`, `test_images`
/// and `test_labels` (or `x_train`, `y_train`, `x_test`, `y_test`). Without labels, as in a .npy,
/// all images are of one class. Images are [n, height, width], [n, height, width, channels] or [n,
/// channels, height, width], of 1 or 3 channels; integers are in [0, 255], real numbers in [0, 1]
/// and become bytes. Labels are integers [n] from 0 to 999. Any byte order, either memory order.
/// The data set's name is the file's. Throws Error naming the array for other names, shapes and
/// numbers, and if a split has no image.
Dataset read_array_images(const std::filesystem::path& file);

}  // namespace hourglass
