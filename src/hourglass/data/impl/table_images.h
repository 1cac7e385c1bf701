// The user's images as a table of pixels. Not tables of other numbers: see interop/matrix.h.
#pragma once

#include <filesystem>
#include <optional>

#include "hourglass/data/dataset.h"
#include "hourglass/data/resize.h"

namespace hourglass {

/// Reads a table (interop/table.h) in which a row has the pixels of one grey image, row after row:
/// height * width numbers of `image_size`. See pixel_values.h for them. One column more is that of
/// the labels: the one named `label` (or `y` and others), otherwise the first; or a column of text.
/// A column of text named `name` or `filename` holds the images' names. Every sixth image of each
/// class is a test image; without labels all are of one class. The data set's name is the file's.
/// Throws Error with a remedy if there are other columns, or no `image_size`.
Dataset read_table_images(const std::filesystem::path& file, std::optional<ImageSize> image_size);

}  // namespace hourglass
