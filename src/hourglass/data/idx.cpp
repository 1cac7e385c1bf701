#include "hourglass/data/idx.h"

#include <fmt/ranges.h>

#include <array>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/idx_stream.h"

namespace hourglass {
namespace {

// The type code in the third byte of the magic.
constexpr std::uint8_t kUnsignedBytes = 0x08;
constexpr std::uint8_t kShorts = 0x0b;
constexpr std::uint8_t kInts = 0x0c;

constexpr std::int64_t kMostClasses = 1000;

/// What a file may be.
struct IdxKind {
  const char* what;  // for messages
  int lowest_rank, highest_rank;
  bool may_be_wide;  // elements of 2 and 4 bytes too
};
constexpr IdxKind kImages{"images", 3, 4, false};
constexpr IdxKind kLabels{"labels", 1, 2, true};

struct IdxArray {
  std::vector<std::int64_t> sizes;
  std::int64_t width = 1;  // bytes of an element
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

/// The bytes of an element of that type; 0 of another type.
std::int64_t width_of(std::uint8_t type, const IdxKind& kind) {
  if (type == kUnsignedBytes) return 1;
  if (!kind.may_be_wide) return 0;
  return type == kShorts ? 2 : type == kInts ? 4 : 0;
}

/// Reads the magic number; returns the rank and sets the width of an element.
int read_rank(ByteReader& reader, const IdxKind& kind, std::int64_t& width) {
  const auto magic = read_four(reader);
  const int rank = magic[3];
  width = width_of(magic[2], kind);
  if (magic[0] != 0 || magic[1] != 0 || width == 0 || rank < kind.lowest_rank ||
      rank > kind.highest_rank) {
    fail_file("data",
              "{} is not an IDX file of {}: it begins with {:02x} {:02x} {:02x} {:02x}, expected "
              "00 00 08 {:02x} or {}",
              reader.path().string(), kind.what, magic[0], magic[1], magic[2], magic[3],
              kind.lowest_rank,
              kind.may_be_wide ? "00 00 0c 02" : fmt::format("00 00 08 {:02x}", kind.highest_rank));
  }
  return rank;
}

/// The sizes after the magic number, and the bytes of all elements in `total`.
std::vector<std::int64_t> read_sizes(ByteReader& reader, int rank, std::int64_t width,
                                     std::uint64_t& total) {
  std::vector<std::int64_t> sizes;
  total = static_cast<std::uint64_t>(width);
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

IdxArray read_idx(ByteReader& reader, const IdxKind& kind) {
  IdxArray array;
  const int rank = read_rank(reader, kind, array.width);
  std::uint64_t total = 0;
  array.sizes = read_sizes(reader, rank, array.width, total);
  if (total > reader.most_left()) fail_cut_short(reader, total);
  array.bytes.resize(total);
  if (reader.read(array.bytes) != total) fail_cut_short(reader, total);
  std::array<std::uint8_t, 1> more{};
  if (reader.read(more) != 0) {
    fail_file("data", "{} is longer than the {} bytes that its header promises: fetch it again",
              reader.path().string(), total);
  }
  return array;
}

/// A big-endian whole number of `width` bytes, signed beyond one byte.
std::int64_t element(const IdxArray& array, std::int64_t index) {
  std::uint32_t value = 0;
  for (std::int64_t i = 0; i < array.width; ++i) {
    value = (value << 8) | array.bytes[static_cast<std::size_t>(index * array.width + i)];
  }
  if (array.width == 2) return static_cast<std::int16_t>(value);
  return array.width == 4 ? std::int64_t{static_cast<std::int32_t>(value)} : value;
}

}  // namespace

IdxImages read_idx_images(ByteReader& reader) {
  IdxArray array = read_idx(reader, kImages);
  const auto& sizes = array.sizes;
  const std::int64_t channels = sizes.size() == 4 ? sizes[3] : 1;
  if (channels != 1 && channels != 3) {
    fail_file("data", "{} has {} channels: images must have 1 (grey) or 3 (red, green, blue)",
              reader.path().string(), channels);
  }
  return {sizes[0], ImageShape{channels, sizes[1], sizes[2]}, std::move(array.bytes)};
}

std::vector<std::int64_t> read_idx_labels(ByteReader& reader) {
  const IdxArray array = read_idx(reader, kLabels);
  const std::int64_t columns = array.sizes.size() == 2 ? array.sizes[1] : 1;
  std::vector<std::int64_t> labels(static_cast<std::size_t>(array.sizes[0]));
  for (std::int64_t i = 0; i < array.sizes[0]; ++i) {
    const std::int64_t label = element(array, i * columns);
    if (label < 0 || label >= kMostClasses) {
      fail_file("data", "{} has the label {}: labels are whole numbers from 0 to {}",
                reader.path().string(), label, kMostClasses - 1);
    }
    labels[static_cast<std::size_t>(i)] = label;
  }
  return labels;
}

IdxImages read_idx_images(const std::filesystem::path& path) {
  ByteReader reader(path);
  return read_idx_images(reader);
}

std::vector<std::int64_t> read_idx_labels(const std::filesystem::path& path) {
  ByteReader reader(path);
  return read_idx_labels(reader);
}

void check_counts(const IdxImages& images, const std::vector<std::int64_t>& labels,
                  const std::filesystem::path& images_path,
                  const std::filesystem::path& labels_path) {
  if (images.count == std::ssize(labels)) return;
  fail_file("data", "{} has {} images but {} has {} labels: they do not belong together",
            images_path.string(), images.count, labels_path.string(), labels.size());
}

IdxSplit read_idx_split(const std::filesystem::path& images, const std::filesystem::path& labels) {
  std::vector<std::int64_t> found = read_idx_labels(labels);
  IdxImages read = read_idx_images(images);
  check_counts(read, found, images, labels);
  return {read.shape, byte_rows(std::move(read.pixels), read.shape.pixels(), std::move(found))};
}

}  // namespace hourglass
