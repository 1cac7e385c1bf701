#include "hourglass/data/impl/names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

/// The bytes of the UTF-8 character at the beginning; 0 if there is none (overlong forms,
/// surrogates and numbers beyond Unicode are none).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  std::uint32_t value = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    value = (value << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool good =
      value >= kLeast[length] && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  return good ? length : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::string as_utf8(std::string_view name) {
  if (is_utf8(name)) return std::string(name);
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0U | (byte >> 6));
      out += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return out;
}

std::vector<std::string> as_utf8_names(const std::vector<std::string>& names) {
  std::set<std::string> taken;
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const std::string text = as_utf8(name);
    std::string free = text;
    for (int i = 2; !taken.insert(free).second; ++i) free = fmt::format("{} ({})", text, i);
    out.push_back(free);
  }
  return out;
}

bool is_litter(std::string_view name) {
  constexpr std::array<std::string_view, 8> kLitter{
      "__macosx", "thumbs.db",    "ehthumbs.db", "desktop.ini",
      "@eadir",   "$recycle.bin", "lost+found",  "system volume information"};
  return name.starts_with('.') ||
         std::find(kLitter.begin(), kLitter.end(), lower_case(std::string(name))) != kLitter.end();
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace hourglass
