// PNG files; every second one with correct checksums, so that damage gets past that check.
#include <zlib.h>

#include <algorithm>

#include "image_target.h"

using namespace hourglass;

namespace {

/// The file with the CRC of each of its chunks written again.
fuzz::Bytes with_right_checksums(fuzz::ByteView file) {
  fuzz::Bytes bytes(file.begin(), file.end());
  const auto number_at = [&](std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = (number << 8) | bytes[at + i];
    return std::size_t{number};
  };
  for (std::size_t at = 8; bytes.size() - std::min(at, bytes.size()) >= 12;) {
    const std::size_t length = number_at(at);
    if (length > bytes.size() - at - 12) break;
    const uLong crc = crc32_z(crc32(0, nullptr, 0), bytes.data() + at + 4, length + 4);
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    }
    at += length + 12;
  }
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::ByteView raw(data, size);
  const fuzz::Bytes bytes =
      size % 2 == 0 ? with_right_checksums(raw) : fuzz::Bytes(raw.begin(), raw.end());
  static const ImageReader reader = png_reader();
  fuzz::check_image(bytes, reader);
  return 0;
}
