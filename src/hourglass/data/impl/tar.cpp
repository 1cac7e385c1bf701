#include "hourglass/data/impl/tar.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

// POSIX.1-1988, "ustar interchange format": offsets and sizes of the fields that are read.
constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::size_t kSizeAt = 124, kSizeSize = 12;
constexpr std::size_t kChecksumAt = 148, kChecksumSize = 8;
constexpr std::size_t kTypeAt = 156;

using Block = std::array<std::uint8_t, kBlock>;

class TarReader {
 public:
  TarReader(ByteReader& reader, std::span<const std::string> names, std::uint64_t most)
      : reader_(reader), names_(names), left_(most) {}

  TarFiles read() {
    Block header{};
    while (next(header)) {
      check(header);
      const std::uint64_t size = number(header, kSizeAt, kSizeSize);
      take(name_if_wanted(header), size);
    }
    // The rest is padding; reading it compares gzip's checksum.
    std::array<std::uint8_t, kBlock> rest{};
    while (const std::size_t got = reader_.read(rest)) count(got);
    for (const auto& name : names_) {
      if (!files_.contains(name)) refuse(fmt::format("has no file {}", name));
    }
    return std::move(files_);
  }

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    fail_file("data", "{} {}: fetch it again", reader_.path().string(), why);
  }

  void count(std::uint64_t bytes) {
    if (bytes > left_) refuse("unpacks to more bytes than such an archive has");
    left_ -= bytes;
  }

  /// The next header; false at the end, which is a block of zeros or the end of the file.
  bool next(Block& header) {
    const std::size_t got = reader_.read(header);
    count(got);
    if (got == 0) return false;
    if (got < kBlock) refuse("is cut short");
    return std::ranges::any_of(header, [](std::uint8_t byte) { return byte != 0; });
  }

  /// A field of octal digits with blanks before and a blank or zero after.
  std::uint64_t number(const Block& header, std::size_t at, std::size_t size) const {
    std::size_t i = at;
    while (i < at + size && header[i] == ' ') ++i;
    const std::size_t begin = i;
    std::uint64_t value = 0;  // 12 digits of 3 bits at most
    for (; i < at + size && header[i] >= '0' && header[i] <= '7'; ++i) {
      value = value * 8 + (header[i] - std::uint64_t{'0'});
    }
    if (i == begin || (i < at + size && header[i] != ' ' && header[i] != 0)) {
      refuse("is no tar archive, or has a damaged header");
    }
    return value;
  }

  /// The sum of all bytes of a header, its own field counted as blanks.
  void check(const Block& header) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      const bool own = i >= kChecksumAt && i < kChecksumAt + kChecksumSize;
      sum += own ? std::uint64_t{' '} : header[i];
    }
    if (sum != number(header, kChecksumAt, kChecksumSize)) {
      refuse("is no tar archive, or has a damaged header");
    }
  }

  /// The name of a regular file that is wanted. Other types, such as links, are passed over, and so
  /// are extended headers: they hold names too long for this field.
  std::optional<std::string> name_if_wanted(const Block& header) const {
    const std::uint8_t type = header[kTypeAt];
    if (type != '0' && type != 0) return std::nullopt;
    const auto* text = reinterpret_cast<const char*>(header.data());
    const auto* end = std::find(text, text + kNameSize, '\0');
    const std::string name(text, end);
    return std::ranges::find(names_, name) == names_.end() ? std::nullopt : std::optional(name);
  }

  /// Reads `size` bytes and their padding, and keeps them under the name, if there is one.
  void take(const std::optional<std::string>& name, std::uint64_t size) {
    const std::uint64_t padded = (size + kBlock - 1) / kBlock * kBlock;
    count(padded);
    if (padded > reader_.most_left()) refuse("is cut short");
    if (!name) return pass_over(padded);
    if (files_.contains(*name)) refuse(fmt::format("has the file {} twice", *name));
    std::vector<std::uint8_t> bytes(size);
    if (reader_.read(bytes) != size) refuse("is cut short");
    pass_over(padded - size);
    files_.emplace(*name, std::move(bytes));
  }

  void pass_over(std::uint64_t bytes) {
    std::array<std::uint8_t, 16 * kBlock> room{};
    while (bytes > 0) {
      const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, room.size()));
      if (reader_.read(std::span(room).first(piece)) != piece) refuse("is cut short");
      bytes -= piece;
    }
  }

  ByteReader& reader_;
  std::span<const std::string> names_;
  std::uint64_t left_;  // bytes until there are too many
  TarFiles files_;
};

}  // namespace

TarFiles read_tar(ByteReader& reader, std::span<const std::string> names, std::uint64_t most) {
  return TarReader(reader, names, most).read();
}

}  // namespace hourglass
