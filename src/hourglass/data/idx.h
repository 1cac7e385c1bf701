// The IDX format of MNIST: a magic number, big-endian sizes, then the elements. Read only; images
// of unsigned bytes, labels also of whole numbers of 2 and 4 bytes; plain or gzip'd. Does not find
// files: see open.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

struct IdxImages {
  std::int64_t count = 0;
  ImageShape shape;
  std::vector<std::uint8_t> pixels;  // [count, height, width, channels]
};

/// Images of rank 3 [n, height, width] (grey) or rank 4 [n, height, width, channels] with 1 or 3
/// channels. Throws Error naming the file if the magic number is wrong, a size is 0, the product of
/// sizes overflows, the file is too short or too long, or its gzip data is damaged. Memory is
/// limited by the length of the file.
IdxImages read_idx_images(const std::filesystem::path& path);

/// Labels of rank 1, or the first column of rank 2, as in QMNIST; each in [0, 999]. Errors as
/// above, and for other labels.
std::vector<std::int64_t> read_idx_labels(const std::filesystem::path& path);

struct IdxSplit {
  ImageShape shape;
  RowSource images;
};

/// Reads both; throws Error naming both files if the numbers of images and labels differ.
IdxSplit read_idx_split(const std::filesystem::path& images, const std::filesystem::path& labels);

}  // namespace hourglass
