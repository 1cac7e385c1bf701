#include "hourglass/data/idx.h"

#include <fmt/ranges.h>

#include <array>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/byte_reader.h"

namespace hourglass {
namespace {

constexpr int kUnsignedBytes = 0x08;  // the type code in the third byte of the magic

struct IdxArray {
  std::vector<std::int64_t> sizes;
  std::vector<std::uint8_t> bytes;
};

[[noreturn]] void fail_cut_short(const ByteReader& reader, std::uint64_t wanted) {
  fail_file("data", "{} is cut short: its header promises {} bytes of data: fetch it again",
            reader.path().string(), wanted);
}

std::array<std::uint8_t, 4> read_four(ByteReader& reader) {
  std::array<std::uint8_t, 4> bytes{};
  if (reader.read(bytes) != bytes.size()) {
    fail_file("data", "{} is cut short in its IDX header: fetch it again", reader.path().string());
  }
  return bytes;
}

/// The rank in the magic number; must be within the bounds. `what` is for messages.
int read_rank(ByteReader& reader, const char* what, int lowest, int highest) {
  const auto magic = read_four(reader);
  const int rank = magic[3];
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != kUnsignedBytes || rank < lowest ||
      rank > highest) {
    fail_file(
        "data",
        "{} is not an IDX file of {}: it begins with {:02x} {:02x} {:02x} {:02x}, expected 00 00 "
        "08 {:02x}{}",
        reader.path().string(), what, magic[0], magic[1], magic[2], magic[3], lowest,
        highest > lowest ? fmt::format(" or 00 00 08 {:02x}", highest) : "");
  }
  return rank;
}

/// The sizes after the magic number, and their product in `total`.
std::vector<std::int64_t> read_sizes(ByteReader& reader, int rank, std::uint64_t& total) {
  std::vector<std::int64_t> sizes;
  total = 1;
  bool fits = true;
  for (int axis = 0; axis < rank; ++axis) {
    std::uint32_t size = 0;
    for (const std::uint8_t byte : read_four(reader)) size = (size << 8) | byte;
    sizes.push_back(size);
    fits = !__builtin_mul_overflow(total, std::uint64_t{size}, &total) && fits;
  }
  const std::string text = fmt::format("{}", fmt::join(sizes, " x "));
  if (!fits) {
    fail_file("data", "{} has sizes {}, more than any memory holds: the file is damaged",
              reader.path().string(), text);
  }
  if (total == 0)
    fail_file("data", "{} has sizes {}: it holds nothing", reader.path().string(), text);
  return sizes;
}

IdxArray read_idx(const std::filesystem::path& path, const char* what, int lowest, int highest) {
  ByteReader reader(path);
  const int rank = read_rank(reader, what, lowest, highest);
  std::uint64_t total = 0;
  IdxArray array;
  array.sizes = read_sizes(reader, rank, total);
  if (total > reader.most_left()) fail_cut_short(reader, total);
  array.bytes.resize(total);
  if (reader.read(array.bytes) != total) fail_cut_short(reader, total);
  std::array<std::uint8_t, 1> more{};
  if (reader.read(more) != 0) {
    fail_file("data", "{} is longer than the {} bytes that its header promises: fetch it again",
              path.string(), total);
  }
  return array;
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& path) {
  IdxArray array = read_idx(path, "images", 3, 4);
  const auto& sizes = array.sizes;
  const std::int64_t channels = sizes.size() == 4 ? sizes[3] : 1;
  if (channels != 1 && channels != 3) {
    fail_file("data", "{} has {} channels: images must have 1 (grey) or 3 (red, green, blue)",
              path.string(), channels);
  }
  return {sizes[0], ImageShape{channels, sizes[1], sizes[2]}, std::move(array.bytes)};
}

std::vector<std::int64_t> read_idx_labels(const std::filesystem::path& path) {
  const IdxArray array = read_idx(path, "labels", 1, 1);
  return {array.bytes.begin(), array.bytes.end()};
}

IdxSplit read_idx_split(const std::filesystem::path& images, const std::filesystem::path& labels) {
  std::vector<std::int64_t> found = read_idx_labels(labels);
  IdxImages read = read_idx_images(images);
  if (read.count != std::ssize(found)) {
    fail_file("data", "{} has {} images but {} has {} labels: they do not belong together",
              images.string(), read.count, labels.string(), found.size());
  }
  return {read.shape, byte_rows(std::move(read.pixels), read.shape.pixels(), std::move(found))};
}

}  // namespace hourglass
