#include "hourglass/base/impl/printable.h"

#include "hourglass/base/impl/utf8.h"

namespace hourglass {
namespace {

bool between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

/// `keep` are control characters that stay.
std::string cleaned(std::string_view text, std::string_view keep) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [character, size] = utf8_at(text, at);
    const bool kept = size > 0 && (!is_control(character) ||
                                   (size == 1 && keep.find(text[at]) != std::string_view::npos));
    if (kept) {
      shown += text.substr(at, size);
    } else {
      shown += '?';
    }
    at += size > 0 ? size : 1;
  }
  return shown;
}

}  // namespace

bool is_control(char32_t c) {
  return c < 0x20 || between(c, 0x7f, 0x9f) ||         // C0, DEL, C1
         c == 0x061c || c == 0x200e || c == 0x200f ||  // marks of direction
         between(c, 0x2028, 0x202e) ||                 // separators, embeddings, overrides
         between(c, 0x2066, 0x2069);                   // isolates
}

std::string printable(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return cleaned(text, "");
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // whole UTF-8
  return cleaned(text.substr(0, end), "") + "...";
}

std::string printable_lines(std::string_view text) {
  return cleaned(text, "\n\t");
}

}  // namespace hourglass
