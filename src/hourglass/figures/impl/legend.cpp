#include "hourglass/figures/impl/legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

constexpr double kGap = 28.0;          // between the square and the legend, and between columns
constexpr double kSwatch = 30.0;       // room for the mark
constexpr double kCountGap = 16.0;     // between name and count
constexpr double kWidestName = 300.0;  // of one column
constexpr double kNarrowName = 130.0;  // of each of two columns
constexpr double kSmallest = 7.0;      // points

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

double row_height(double text_size) {
  return TextStyle{.size = text_size}.line_height() + 2.0;
}

/// Widths of a column's parts at one text size.
struct Widths {
  double name = 0.0;
  double count = 0.0;

  double column() const {
    return std::ceil(kSwatch + name + (count > 0.0 ? kCountGap + count : 0.0));
  }
};

Widths widths_of(Canvas& canvas, const std::vector<std::string>& names,
                 const std::vector<std::int64_t>& counts, double text_size, double widest) {
  Widths out;
  const TextStyle style{.size = text_size};
  for (const std::string& name : names) {
    out.name = std::max(out.name, canvas.text_width(name, style));
  }
  out.name = std::min(std::ceil(out.name) + 1.0, widest);
  for (const std::int64_t count : counts) {
    out.count = std::max(out.count, canvas.text_width(grouped(count), style));
  }
  return out;
}

}  // namespace

Legend lay_out_legend(Canvas& canvas, const std::vector<std::string>& class_names,
                      const std::vector<std::int64_t>& counts, double room) {
  Legend legend;
  const std::size_t classes = class_names.size();
  if (classes == 0) return legend;

  // The legend is as tall as the square, whose side is what the legend leaves of the width.
  std::size_t columns = 1;
  Widths widths;
  std::size_t rows = 0;
  const auto try_size = [&](double text_size) {
    legend.text_size = text_size;
    widths =
        widths_of(canvas, class_names, counts, text_size, columns == 1 ? kWidestName : kNarrowName);
    legend.column_width = widths.column();
    legend.width = static_cast<double>(columns) * (legend.column_width + kGap);
    rows = static_cast<std::size_t>((room - legend.width) / row_height(text_size));
    return rows * columns >= classes;
  };
  while (!try_size(legend.text_size) && legend.text_size > kSmallest) legend.text_size -= 0.5;
  if (rows * columns < classes) {
    columns = 2;
    try_size(kSmallest);
  }

  const TextStyle style{.size = legend.text_size};
  const std::size_t capacity = rows * columns;
  const std::size_t shown = classes <= capacity ? classes : capacity - 1;
  const std::size_t lines_each = columns == 1 && 2 * classes <= rows ? 2 : 1;
  legend.columns.resize(columns);
  for (std::size_t i = 0; i < shown; ++i) {
    Legend::Entry entry{static_cast<std::int64_t>(i), {}, {}};
    entry.name_lines = lines_each == 1
                           ? std::vector{canvas.elided(class_names[i], widths.name, style)}
                           : canvas.wrapped(class_names[i], widths.name, style, "/-_", lines_each);
    if (i < counts.size()) entry.count = grouped(counts[i]);
    legend.columns[i / rows].push_back(std::move(entry));
  }
  if (shown < classes) {
    legend.columns.back().push_back({-1, {fmt::format("and {} more", classes - shown)}, {}});
  }
  return legend;
}

void draw_legend(Canvas& canvas, const Legend& legend, Point at) {
  const TextStyle name{.size = legend.text_size};
  const TextStyle count{.size = legend.text_size, .color = kGrey, .align = Align::right};
  const double row = row_height(legend.text_size);
  const double drop =
      row / 2 + points(legend.text_size) * 0.36;  // from a row's top to its base line
  double x = at.x + kGap;
  for (const auto& column : legend.columns) {
    double y = at.y;
    for (const Legend::Entry& entry : column) {
      if (entry.label >= 0) {
        canvas.mark(class_mark(entry.label), {std::floor(x) + 10.5, std::floor(y + row / 2) + 0.5},
                    8.0, class_color(entry.label));
      }
      canvas.text({x + legend.column_width, y + drop}, entry.count, count);
      for (const std::string& line : entry.name_lines) {
        canvas.text({x + kSwatch, y + drop}, line, name);
        y += row;
      }
    }
    x += legend.column_width + kGap;
  }
}

}  // namespace hourglass
