// One's own images in a file of NumPy's. Not codes or maps: see interop/matrix.h.
#pragma once

#include <filesystem>

#include "hourglass/data/dataset.h"

namespace hourglass {

/// Reads a .npz with the arrays `images` and `labels`, of which in every class each sixth image is
/// test, as in a folder of images; or with `train_images`, `train_labels`, `test_images` and
/// `test_labels` (or `x_train`, `y_train`, `x_test`, `y_test`). Without labels, as in a .npy, all
/// images are of one class. Images are [n, height, width], [n, height, width, channels] or
/// [n, channels, height, width], of 1 or 3 channels; whole numbers are in [0, 255], real ones in
/// [0, 1] and become bytes. Labels are whole numbers [n] from 0 to 999. Any byte order, either
/// memory order. The data set's name is the file's. Throws Error naming the array for other names,
/// shapes and numbers, and where a split has no image.
Dataset read_array_images(const std::filesystem::path& file);

}  // namespace hourglass
