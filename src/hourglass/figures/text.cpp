#include "hourglass/figures/text.h"

#include <algorithm>

#include "hourglass/base/impl/printable.h"
#include "hourglass/base/impl/utf8.h"

namespace hourglass {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

/// The pieces between which a line may break; spaces stay at the end of their piece.
std::vector<std::string> pieces_of(const std::string& text, std::string_view break_after) {
  std::vector<std::string> pieces(1);
  for (const char c : text) {
    const bool after_space = !pieces.back().empty() && pieces.back().back() == ' ';
    if (after_space && c != ' ') pieces.emplace_back();
    pieces.back() += c;
    if (break_after.find(c) != std::string_view::npos) pieces.emplace_back();
  }
  if (pieces.back().empty() && pieces.size() > 1) pieces.pop_back();
  return pieces;
}

std::string without_end_spaces(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

std::string drawable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [character, size] = utf8_at(text, at);
    if (size == 0) {
      out += kReplacement;
    } else if (is_control(character)) {
      out += ' ';
    } else {
      out += text.substr(at, size);
    }
    at += size == 0 ? 1 : size;
  }
  return out;
}

std::string elided(const std::string& text, double width, const MeasureText& measure) {
  if (measure(text) <= width) return text;
  std::string start = text;
  while (!start.empty()) {
    while (is_continuation(start.back())) start.pop_back();
    start.pop_back();
    std::string shorter = without_end_spaces(start) + std::string(kEllipsis);
    if (measure(shorter) <= width) return shorter;
  }
  return std::string(kEllipsis);
}

std::string elided_middle(const std::string& text, double width, const MeasureText& measure) {
  if (measure(text) <= width) return text;
  std::vector<std::size_t> begins;  // of the characters
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_continuation(text[i])) begins.push_back(i);
  }
  for (std::size_t kept = begins.size(); kept-- > 1;) {
    const std::size_t head = begins[(kept + 1) / 2], tail = kept / 2;
    const std::string end = tail == 0 ? "" : text.substr(begins[begins.size() - tail]);
    std::string shorter = text.substr(0, head) + std::string(kEllipsis) + end;
    if (measure(shorter) <= width) return shorter;
  }
  return std::string(kEllipsis);
}

std::vector<std::string> without_common_prefix(std::vector<std::string> names) {
  if (names.size() < 2) return names;
  std::size_t common = names[0].size();
  for (const std::string& name : names) {
    const auto differ = std::mismatch(names[0].begin(), names[0].end(), name.begin(), name.end());
    common = std::min(common, static_cast<std::size_t>(differ.first - names[0].begin()));
  }
  // A word is cut as a whole: it ends at a sign, or before a number in every name.
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t number = common;
  while (number > 0 && is_digit(names[0][number - 1])) --number;
  const bool numbered = number > 0 && std::ranges::all_of(names, [&](const std::string& name) {
                          return name.size() > number && is_digit(name[number]);
                        });
  if (numbered) {
    common = number;
  } else {
    const std::size_t sign =
        common == 0 ? std::string::npos : names[0].find_last_of("_-./ ", common - 1);
    common = sign == std::string::npos ? 0 : sign + 1;
  }
  const bool leaves_all =
      std::ranges::all_of(names, [&](const std::string& name) { return name.size() > common; });
  if (!leaves_all) return names;
  for (std::string& name : names) name.erase(0, common);
  return names;
}

std::vector<std::string> wrapped(const std::string& text, double width, const MeasureText& measure,
                                 std::string_view break_after, std::size_t max_lines) {
  std::vector<std::string> lines(1);
  for (const std::string& piece : pieces_of(text, break_after)) {
    const std::string longer = lines.back() + piece;
    const bool fits = measure(without_end_spaces(longer)) <= width;
    if (fits || lines.back().empty() || lines.size() == max_lines) {
      lines.back() = longer;
    } else {
      lines.push_back(piece);
    }
  }
  for (std::string& line : lines) line = elided(without_end_spaces(line), width, measure);
  return lines;
}

}  // namespace hourglass
