#include "hourglass/data/impl/exif.h"

#include <algorithm>
#include <string_view>

namespace hourglass {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::uint32_t kShort = 3;
constexpr std::size_t kEntryBytes = 12;

/// Numbers of the byte order that the header names; 0 beyond the end.
struct Numbers {
  std::span<const std::uint8_t> bytes;
  bool little = true;

  std::uint32_t at(std::size_t offset, std::size_t count) const {
    if (offset > bytes.size() || count > bytes.size() - offset) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t byte = bytes[offset + i];
      value |= byte << (8 * (little ? i : count - 1 - i));
    }
    return value;
  }
};

bool begins(std::span<const std::uint8_t> bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

int exif_orientation(std::span<const std::uint8_t> exif) {
  if (begins(exif, "Exif\0\0"sv)) exif = exif.subspan(6);
  const bool little = begins(exif, "II*\0"sv);
  if (!little && !begins(exif, "MM\0*"sv)) return 1;
  const Numbers numbers{exif, little};
  const std::size_t directory = numbers.at(4, 4);
  const std::size_t entries = numbers.at(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > exif.size()) break;
    if (numbers.at(entry, 2) != kOrientation || numbers.at(entry + 2, 2) != kShort) continue;
    const std::uint32_t value = numbers.at(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace hourglass
