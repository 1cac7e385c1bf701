// Tables to text.

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>

#include "hourglass/base/error.h"
#include "hourglass/interop/table.h"

namespace hourglass {
namespace {

/// A cell, in quotes where a reader needs them.
std::string quoted_cell(std::string_view text, char separator) {
  constexpr std::string_view kSpaces = " \t";
  // Nothing needs quotes too: alone in its line it would be a blank line.
  const bool spaced = text.empty() || kSpaces.find(text.front()) != std::string_view::npos ||
                      kSpaces.find(text.back()) != std::string_view::npos;
  const bool plain = !spaced && text.find_first_of("\"\n\r#") == std::string_view::npos &&
                     text.find(separator) == std::string_view::npos;
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string number_text(float value) {
  std::array<char, 64> text;
  const auto written = [&](auto number) {
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return std::string_view(text.data(), static_cast<std::size_t>(end - text.data()));
  };
  const std::string_view shortest = written(value);
  // Other programs read float64 and round that: twice rounded may be another float32.
  double read = 0;
  std::from_chars(shortest.data(), shortest.data() + shortest.size(), read);
  const auto again = static_cast<float>(read);
  if (std::bit_cast<std::uint32_t>(again) == std::bit_cast<std::uint32_t>(value) ||
      value != value) {
    return std::string(shortest);
  }
  return std::string(written(static_cast<double>(value)));
}

void write_table(AtomicFile& file, TableFormat format, const TableView& table) {
  const char separator = format == TableFormat::kTsv ? '\t' : ',';
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::string text;
  for (const TableColumn& column : table.text) {
    text += quoted_cell(column.name, separator) + separator;
  }
  for (const std::string& name : table.numbers) text += quoted_cell(name, separator) + separator;
  if (!text.empty()) text.back() = '\n';
  for (std::int64_t i = 0; i < table.rows.size(0); ++i) {
    for (const TableColumn& column : table.text) {
      text += quoted_cell(column.text[static_cast<std::size_t>(i)], separator) + separator;
    }
    for (const float value : table.rows.row(i)) text += number_text(value) + separator;
    text.back() = '\n';
    if (text.size() < kPiece) continue;
    file.write(text);
    text.clear();
  }
  file.write(text);
}

}  // namespace hourglass
