#include "hourglass/interop/impl/npy_text.h"

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/utf8.h"

namespace hourglass {
namespace {

std::uint32_t character_at(std::span<const std::uint8_t> bytes, std::size_t at, bool big_endian) {
  const auto value = load_little<std::uint32_t>(bytes, at);
  return big_endian ? __builtin_bswap32(value) : value;
}

}  // namespace

std::vector<std::string> decode_text(std::span<const std::uint8_t> bytes, const NpyHeader& header,
                                     std::string_view source) {
  std::vector<std::string> values;
  values.reserve(bytes.size() / header.element_bytes);
  for (std::size_t begin = 0; begin < bytes.size(); begin += header.element_bytes) {
    const auto element = bytes.subspan(begin, header.element_bytes);
    std::string value;
    if (header.unicode) {
      std::size_t end = element.size();
      while (end > 0 && character_at(element, end - 4, header.big_endian) == 0) end -= 4;
      for (std::size_t at = 0; at < end; at += 4) {
        const std::uint32_t character = character_at(element, at, header.big_endian);
        if (append_character(value, character)) continue;
        fail_file("npy",
                  "{}: text {} (from 0) holds {}, which is no character: the file is damaged",
                  source, values.size(), character);
      }
    } else {
      value.assign(element.begin(), element.end());
      value.erase(value.find_last_not_of('\0') + 1);
    }
    values.push_back(std::move(value));
  }
  return values;
}

std::size_t text_length(std::span<const std::string> values) {
  std::size_t longest = 1;
  for (const std::string& value : values) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < value.size(); ++length) next_character(value, at);
    longest = std::max(longest, length);
  }
  return longest;
}

std::vector<std::uint8_t> encode_text(std::span<const std::string> values, std::size_t length) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * length * 4);
  for (const std::string& value : values) {
    const std::size_t end = bytes.size() + length * 4;
    for (std::size_t at = 0; at < value.size();) append_little(bytes, next_character(value, at));
    bytes.resize(end, 0);
  }
  return bytes;
}

}  // namespace hourglass
