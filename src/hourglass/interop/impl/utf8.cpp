#include "hourglass/interop/impl/utf8.h"

namespace hourglass {
namespace {

constexpr std::uint32_t kEscaped = 0xdc00;  // plus the byte, which is at least 0x80

bool is_surrogate(std::uint32_t character) {
  return character >= 0xd800 && character <= 0xdfff;
}

/// The number of bytes of a character that begins with this byte; 0: none begins so.
std::size_t length_from(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

}  // namespace

std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = length_from(first);
  std::uint32_t value = length <= 1 ? first : first & (0x7fU >> length);
  bool good = length > 0 && length <= text.size() - at;
  for (std::size_t i = 1; good && i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    good = (next & 0xc0) == 0x80;
    value = (value << 6) | (next & 0x3fU);
  }
  // Longer forms than needed, surrogates and numbers beyond Unicode are not UTF-8 either.
  if (length == 3) good = good && value >= 0x800 && !is_surrogate(value);
  if (length == 4) good = good && value >= 0x10000 && value <= 0x10ffff;
  at += good ? length : 1;
  return good ? value : kEscaped + first;
}

bool append_character(std::string& to, std::uint32_t character) {
  if (character >= kEscaped + 0x80 && character <= kEscaped + 0xff) {
    to += static_cast<char>(character - kEscaped);
    return true;
  }
  if (is_surrogate(character) || character > 0x10ffff) return false;
  const auto part = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((character >> shift) & 0x3fU));
  };
  if (character < 0x80) {
    to += static_cast<char>(character);
  } else if (character < 0x800) {
    to += static_cast<char>(0xc0U | (character >> 6));
    to += part(0);
  } else if (character < 0x10000) {
    to += static_cast<char>(0xe0U | (character >> 12));
    to += {part(6), part(0)};
  } else {
    to += static_cast<char>(0xf0U | (character >> 18));
    to += {part(12), part(6), part(0)};
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t character = next_character(text, at);
    append_character(out, is_surrogate(character) ? 0xfffd : character);
  }
  return out;
}

}  // namespace hourglass
