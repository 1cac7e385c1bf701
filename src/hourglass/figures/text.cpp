#include "hourglass/figures/text.h"

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
