// Small files for tests: IDX, gzip and PNG, made here and not with the code that is tested.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/data/resize.h"

namespace hourglass {

using Bytes = std::vector<std::uint8_t>;

/// An IDX file: 00 00 TYPE rank, the sizes, then the data.
Bytes idx_bytes(const std::vector<std::uint32_t>& sizes, const Bytes& data,
                std::uint8_t type = 0x08);

/// `count` random bytes below `below`.
Bytes random_bytes(std::size_t count, Rng& rng, unsigned below = 256);

/// One gzip member.
Bytes gzip_bytes(std::span<const std::uint8_t> bytes);

/// Writes without syncing: tests write thousands of files.
void write_quickly(const std::filesystem::path& path, const Bytes& bytes);

/// The four files of a data set of n_train and n_test random images, labels 0 .. classes - 1.
void write_idx_dataset(const std::filesystem::path& folder, std::uint32_t n_train,
                       std::uint32_t n_test, std::uint32_t side, unsigned classes, bool compressed);

/// The content of a PNG. Rows are packed as in PNG: 16 bit big-endian, small depths from the high
/// bit on.
struct PngSpec {
  std::int64_t height = 1, width = 1;
  int colour_type = 0;  // PNG_COLOR_TYPE_...
  int bit_depth = 8;
  bool interlaced = false;
  std::vector<Bytes> rows;
  std::vector<std::array<std::uint8_t, 3>> palette;
  Bytes palette_alpha;
};

Bytes png_bytes(const PngSpec& spec);

/// An 8-bit grey or RGB PNG.
Bytes png_bytes(const ByteImage& image);

/// A tar archive of one file, without the blocks of zeros at its end.
Bytes tar_member(const std::string& name, const Bytes& content, char type = '0');

/// A whole tar archive of regular files.
Bytes tar_bytes(const std::vector<std::pair<std::string, Bytes>>& files);

/// A batch of CIFAR's binary version: `labels` [n, label_bytes], then for each image 3072 bytes
/// that are its index plus 0, 1 and 2 for red, green and blue.
Bytes cifar_bytes(const std::vector<Bytes>& labels);

/// One to four random changes: flipped bits, overwritten, cut, doubled or inserted runs.
Bytes mutated(Bytes bytes, Rng& rng);

}  // namespace hourglass
