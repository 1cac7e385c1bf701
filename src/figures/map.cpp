#include "figures/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "figures/axis.h"
#include "figures/labels.h"

namespace hourglass {
namespace {

constexpr double kLegendGap = 28.0;
constexpr double kSwatch = 30.0;         // room for a legend entry's mark
constexpr double kWidestLegend = 430.0;  // longer names are elided

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

/// The square of the data that is shown, and where it lies on the page; y grows upwards in the
/// data.
struct Frame {
  double low_x = 0.0;
  double low_y = 0.0;
  double span = 1.0;
  Box box;

  Point place(double x, double y) const {
    return {box.x + (x - low_x) / span * box.width, box.bottom() - (y - low_y) / span * box.height};
  }
};

bool finite(std::span<const float> point) {
  return std::isfinite(point[0]) && std::isfinite(point[1]);
}

/// A square around all points, with a little air.
Frame frame_of(ConstView points) {
  double low[2] = {std::numeric_limits<double>::infinity(),
                   std::numeric_limits<double>::infinity()};
  double high[2] = {-low[0], -low[1]};
  for (std::int64_t i = 0; i < points.shape()[0]; ++i) {
    const auto point = points.row(i);
    if (!finite(point)) continue;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      low[axis] = std::min<double>(low[axis], point[axis]);
      high[axis] = std::max<double>(high[axis], point[axis]);
    }
  }
  if (!(low[0] <= high[0])) return {-0.5, -0.5, 1.0, {}};
  double span = 1.06 * std::max(high[0] - low[0], high[1] - low[1]);
  if (!(span > 0.0)) span = 1.0;
  return {(low[0] + high[0] - span) / 2.0, (low[1] + high[1] - span) / 2.0, span, {}};
}

/// What the legend needs beside the square; its entries stand in as many columns as it takes.
struct Legend {
  double row = 0.0;    // height of an entry
  double width = 0.0;  // of one column
  double name_width = 0.0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

Legend legend_of(Canvas& canvas, const MapFigure& figure, double height) {
  Legend legend;
  const auto classes = static_cast<std::int64_t>(figure.class_names.size());
  if (figure.labels.empty() || classes == 0) return legend;
  const TextStyle style;
  legend.row = style.line_height() + 2.0;
  legend.rows = static_cast<std::int64_t>(height / legend.row);
  legend.columns = (classes + legend.rows - 1) / legend.rows;
  double counts = 0.0;
  for (const std::int64_t count : figure.counts) {
    counts = std::max(counts, canvas.text_width(grouped(count), style));
  }
  for (const std::string& name : figure.class_names) {
    legend.name_width = std::max(legend.name_width, canvas.text_width(name, style));
  }
  const double room =
      kWidestLegend / static_cast<double>(std::min<std::int64_t>(legend.columns, 2));
  legend.name_width = std::min(legend.name_width, room - kSwatch - counts - 24.0);
  legend.width = std::ceil(kSwatch + legend.name_width + 16.0 + counts);
  return legend;
}

void draw_legend(Canvas& canvas, const MapFigure& figure, const Legend& legend, Point at) {
  const TextStyle name;
  const TextStyle count{.color = kGrey, .align = Align::right};
  for (std::size_t i = 0; i < figure.class_names.size(); ++i) {
    const auto label = static_cast<std::int64_t>(i);
    const double x = at.x + static_cast<double>(label / legend.rows) * (legend.width + kLegendGap);
    const double y = at.y + static_cast<double>(label % legend.rows) * legend.row;
    canvas.mark(class_mark(label), {x + 10.0, y + legend.row / 2}, 8.0, class_color(label));
    canvas.text({x + kSwatch, y + legend.row / 2 + 9.0},
                canvas.elided(figure.class_names[i], legend.name_width, name), name);
    if (i < figure.counts.size()) {
      canvas.text({x + legend.width, y + legend.row / 2 + 9.0}, grouped(figure.counts[i]), count);
    }
  }
}

void draw_points(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  const std::int64_t n = figure.points.shape()[0];
  if (n == 0) return;
  // Together the points cover an eighth of the square, within what the eye can still tell apart.
  const double area = frame.box.width * frame.box.height;
  const double ideal = std::sqrt(area / (8.0 * 3.14159265358979323846 * static_cast<double>(n)));
  const bool marks = figure.class_names.size() > 10 && !figure.labels.empty();
  const double radius = std::clamp(ideal, marks ? 3.2 : 2.0, 9.0);
  const double alpha = n <= 300 ? 0.85 : n <= 3000 ? 0.7 : n <= 30000 ? 0.55 : 0.4;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto point = figure.points.row(i);
    if (!finite(point)) continue;
    const std::int64_t label =
        figure.labels.empty() ? 7 : figure.labels[static_cast<std::size_t>(i)];
    Color color = class_color(label);
    color.alpha = alpha;
    canvas.mark(figure.labels.empty() ? Mark::disc : class_mark(label),
                frame.place(point[0], point[1]), radius, color);
  }
}

void draw_names(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  if (figure.label_positions.shape().rank() != 2) return;
  const TextStyle style{.bold = true, .align = Align::center, .halo = 5.0};
  std::vector<std::string> names;
  std::vector<Point> anchors;
  std::vector<Box> wished;
  for (std::int64_t i = 0; i < figure.label_positions.shape()[0]; ++i) {
    const auto position = figure.label_positions.row(i);
    if (!finite(position)) continue;
    names.push_back(canvas.elided(figure.class_names[static_cast<std::size_t>(i)],
                                  frame.box.width / 4.0, style));
    anchors.push_back(frame.place(position[0], position[1]));
    const double width = canvas.text_width(names.back(), style) + 8.0;
    const double height = points(style.size) + 6.0;
    wished.push_back({anchors.back().x - width / 2, anchors.back().y - height / 2, width, height});
  }
  const Box inner{frame.box.x + 4.0, frame.box.y + 4.0, frame.box.width - 8.0,
                  frame.box.height - 8.0};
  const std::vector<Box> placed = placed_apart(wished, inner);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const Point middle{placed[i].x + placed[i].width / 2, placed[i].y + placed[i].height / 2};
    if (std::abs(middle.x - anchors[i].x) > placed[i].width / 2 ||
        std::abs(middle.y - anchors[i].y) > placed[i].height) {
      canvas.line(anchors[i], middle, {kWhite, 5.0, {}});
      canvas.line(anchors[i], middle, {kInk, 1.5, {}});
    }
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    canvas.text({placed[i].x + placed[i].width / 2, placed[i].bottom() - 8.0}, names[i], style);
  }
}

/// Numbers along the left and lower edge.
void draw_ticks(Canvas& canvas, const Frame& frame) {
  const TextStyle below{.size = 8.0, .color = kGrey, .align = Align::center};
  const TextStyle beside{.size = 8.0, .color = kGrey, .align = Align::right};
  const LineStyle stroke{kPale, 2.0, {}};
  for (const double tick : linear_ticks(frame.low_x, frame.low_x + frame.span, 8)) {
    const double x = std::round(frame.place(tick, 0.0).x);
    canvas.line({x, frame.box.bottom()}, {x, frame.box.bottom() + 8.0}, stroke);
    canvas.text({x, frame.box.bottom() + 34.0}, tick_text(tick), below);
  }
  for (const double tick : linear_ticks(frame.low_y, frame.low_y + frame.span, 8)) {
    const double y = std::round(frame.place(0.0, tick).y);
    canvas.line({frame.box.x - 8.0, y}, {frame.box.x, y}, stroke);
    canvas.text({frame.box.x - 12.0, y + 8.0}, tick_text(tick), beside);
  }
}

}  // namespace

double draw(Canvas& canvas, const MapFigure& figure) {
  assert(figure.labels.empty() ||
         static_cast<std::int64_t>(figure.labels.size()) == figure.points.shape()[0]);
  const double top = draw_header(canvas, figure.text);
  const double left = kMargin + (figure.y_label.empty() ? 0.0 : 36.0) + (figure.ticks ? 62.0 : 2.0);
  const double most = kPageWidth - kMargin - left;
  const Legend legend = legend_of(canvas, figure, 1000.0);
  const double legends = static_cast<double>(legend.columns) * (legend.width + kLegendGap);

  Frame frame = frame_of(figure.points);
  const double side = std::floor(std::max(600.0, most - legends));
  frame.box = {left, top, side, side};
  canvas.clipped(frame.box, [&] { draw_points(canvas, figure, frame); });
  canvas.frame(frame.box);
  if (figure.ticks) draw_ticks(canvas, frame);
  if (!figure.labels.empty()) draw_names(canvas, figure, frame);
  if (legend.columns > 0)
    draw_legend(canvas, figure, legend, {frame.box.right() + kLegendGap, top});

  double bottom = frame.box.bottom() + (figure.ticks ? 34.0 : 0.0);
  if (!figure.x_label.empty()) {
    bottom += 36.0;
    canvas.text({frame.box.x + side / 2, bottom}, figure.x_label, {.align = Align::center});
  }
  if (!figure.y_label.empty()) {
    canvas.text({kMargin + 22.0, top + side / 2}, figure.y_label,
                {.align = Align::center, .upward = true});
  }
  return draw_footer(canvas, figure.text, bottom);
}

}  // namespace hourglass
