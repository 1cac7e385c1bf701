// Characters of UTF-8 text of any origin. Not a conversion.
#pragma once

#include <cstddef>
#include <string_view>

namespace hourglass {

struct Utf8Character {
  char32_t value = 0;    // U+0000 to U+10FFFF, no surrogate
  std::size_t size = 0;  // bytes; 0: the bytes there are no character (overlong, cut short, ...)
};

/// The character whose first byte is text[at]; at < text.size().
Utf8Character utf8_at(std::string_view text, std::size_t at);

}  // namespace hourglass
