#include "hourglass/figures/impl/legend.h"

#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

constexpr double kGap = 28.0;       // between the square and the legend
constexpr double kSwatch = 30.0;    // room for the mark
constexpr double kCountGap = 16.0;  // between name and count
constexpr double kWidestName = 300.0;
constexpr double kTextSize = 9.0;  // points

/// 12345 as "12,345".
std::string grouped(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

double row_height() {
  return TextStyle{.size = kTextSize}.line_height() + 2.0;
}

}  // namespace

Legend lay_out_legend(Canvas& canvas, const std::vector<std::string>& class_names,
                      const std::vector<std::int64_t>& counts, double room) {
  Legend legend;
  if (class_names.empty()) return legend;
  const TextStyle style{.size = kTextSize};
  double name_width = 0.0, count_width = 0.0;
  for (const std::string& name : class_names) {
    name_width = std::max(name_width, canvas.text_width(name, style));
  }
  name_width = std::min(std::ceil(name_width) + 1.0, kWidestName);
  for (const std::int64_t count : counts) {
    count_width = std::max(count_width, canvas.text_width(grouped(count), style));
  }
  legend.column_width =
      std::ceil(kSwatch + name_width + (count_width > 0.0 ? kCountGap + count_width : 0.0));
  legend.width = legend.column_width + kGap;

  // The legend is as tall as the square, whose side is what the legend leaves of the width.
  const auto rows = static_cast<std::size_t>((room - legend.width) / row_height());
  const std::size_t lines_each = 2 * class_names.size() <= rows ? 2 : 1;
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    Legend::Entry entry;
    entry.name_lines = lines_each == 1
                           ? std::vector{canvas.elided(class_names[i], name_width, style)}
                           : canvas.wrapped(class_names[i], name_width, style, "/-_", lines_each);
    if (i < counts.size()) entry.count = grouped(counts[i]);
    legend.entries.push_back(std::move(entry));
  }
  return legend;
}

void draw_legend(Canvas& canvas, const Legend& legend, Point at) {
  const TextStyle name{.size = kTextSize};
  const TextStyle count{.size = kTextSize, .color = kGrey, .align = Align::right};
  const double row = row_height();
  const double drop = row / 2 + points(kTextSize) * 0.36;  // from a row's top to its base line
  const double x = at.x + kGap;
  double y = at.y;
  for (std::size_t label = 0; label < legend.entries.size(); ++label) {
    const Legend::Entry& entry = legend.entries[label];
    const auto index = static_cast<std::int64_t>(label);
    canvas.mark(class_mark(index), {std::floor(x) + 10.5, std::floor(y + row / 2) + 0.5}, 8.0,
                class_color(index));
    canvas.text({x + legend.column_width, y + drop}, entry.count, count);
    for (const std::string& line : entry.name_lines) {
      canvas.text({x + kSwatch, y + drop}, line, name);
      y += row;
    }
  }
}

}  // namespace hourglass
