#include "figures/map.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "figures/axis.h"
#include "figures/labels.h"
#include "figures/legend.h"

namespace hourglass {
namespace {

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

void draw_points(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  const std::int64_t n = figure.points.shape()[0];
  if (n == 0) return;
  // Together the points cover a sixth of the square, within what the eye can still tell apart.
  const double area = frame.box.width * frame.box.height;
  const double ideal = std::sqrt(area / (6.0 * 3.14159265358979323846 * static_cast<double>(n)));
  const bool marks = figure.class_names.size() > 10 && !figure.labels.empty();
  const double radius = std::clamp(ideal, marks ? 3.2 : 2.0, 9.0);
  const double alpha = n <= 300 ? 0.85 : n <= 3000 ? 0.75 : n <= 30000 ? 0.6 : 0.4;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto point = figure.points.row(i);
    if (!finite(point)) continue;
    const std::int64_t label =
        figure.labels.empty() ? 7 : figure.labels[static_cast<std::size_t>(i)];
    Color color = class_color(label);
    color.alpha = alpha;
    // On whole pixels equal points have equal pixels, which halves the file.
    const Point place = frame.place(point[0], point[1]);
    canvas.mark(figure.labels.empty() ? Mark::disc : class_mark(label),
                {std::floor(place.x) + 0.5, std::floor(place.y) + 0.5}, radius, color);
  }
}

/// Each class's name near its position, with a thin line to it where it had to move far. A name for
/// which there is no room nearby stands in the legend only.
void draw_names(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  if (figure.label_positions.shape().rank() != 2) return;
  const bool many = figure.class_names.size() > 10;
  const TextStyle style{
      .size = many ? 8.0 : 9.0, .bold = true, .align = Align::center, .halo = many ? 4.0 : 5.0};
  std::vector<std::string> names;
  std::vector<Point> anchors;
  std::vector<Box> wished;
  for (std::int64_t i = 0; i < figure.label_positions.shape()[0]; ++i) {
    const auto position = figure.label_positions.row(i);
    if (!finite(position)) continue;
    names.push_back(canvas.elided(figure.class_names[static_cast<std::size_t>(i)],
                                  frame.box.width / (many ? 6.0 : 4.0), style));
    anchors.push_back(frame.place(position[0], position[1]));
    const double width = canvas.text_width(names.back(), style) + 8.0;
    const double height = points(style.size) + 4.0;
    wished.push_back({anchors.back().x - width / 2, anchors.back().y - height / 2, width, height});
  }
  const Box inner{frame.box.x + 4.0, frame.box.y + 4.0, frame.box.width - 8.0,
                  frame.box.height - 8.0};
  const auto placed = placed_apart(wished, inner, many ? 120.0 : 400.0);
  const auto middle = [](const Box& box) {
    return Point{box.x + box.width / 2, box.y + box.height / 2};
  };
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (!placed[i]) continue;
    const Point to = middle(*placed[i]);
    const double reach_x = std::max(placed[i]->width / 2, 30.0);
    if (std::abs(to.x - anchors[i].x) > reach_x ||
        std::abs(to.y - anchors[i].y) > placed[i]->height) {
      canvas.line(anchors[i], to, {kWhite, 5.0, {}});
      canvas.line(anchors[i], to, {kInk, 1.5, {}});
    }
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (!placed[i]) continue;
    canvas.text({middle(*placed[i]).x, placed[i]->bottom() - 7.0}, names[i], style);
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
  canvas.allow_few_colors();
  const double top = draw_header(canvas, figure.text);
  const double left = kMargin + (figure.y_label.empty() ? 0.0 : 36.0) + (figure.ticks ? 62.0 : 2.0);
  const double most = kPageWidth - kMargin - left;
  const Legend legend = figure.labels.empty()
                            ? Legend{}
                            : lay_out_legend(canvas, figure.class_names, figure.counts, most);
  Frame frame = frame_of(figure.points);
  const double side = std::floor(most - legend.width);
  frame.box = {left, top, side, side};
  canvas.clipped(frame.box, [&] { draw_points(canvas, figure, frame); });
  canvas.frame(frame.box);
  if (figure.ticks) draw_ticks(canvas, frame);
  if (!figure.labels.empty()) draw_names(canvas, figure, frame);
  draw_legend(canvas, legend, {frame.box.right(), top});

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
