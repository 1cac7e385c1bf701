#include "hourglass/figures/map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/figures/axis.h"
#include "hourglass/figures/impl/checks.h"
#include "hourglass/figures/impl/labels.h"
#include "hourglass/figures/impl/legend.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// More classes have their names in the map alone: nobody finds one of fifty in a list.
constexpr std::size_t kMostInLegend = 20;

/// Maps the extent shown to the page; y grows upwards in the data.
struct Frame {
  MapExtent data;
  Box box;

  Point position(double x, double y) const {
    return {box.x + (x - data.low_x) / data.span * box.width,
            box.bottom() - (y - data.low_y) / data.span * box.height};
  }
};

bool finite(std::span<const float> point) {
  return std::isfinite(point[0]) && std::isfinite(point[1]);
}

/// Size and opacity of points. Together they cover a sixth of the square, within limits of size;
/// the more points there are, the more transparent they are.
struct PointStyle {
  double radius = 2.0;
  double alpha = 1.0;
};

PointStyle style_of(const MapFigure& figure, const Box& box) {
  const auto n = static_cast<double>(figure.points.size(0));
  const double ideal = std::sqrt(box.width * box.height / (6.0 * 3.14159265358979323846 * n));
  const bool marks =
      figure.class_names.size() > 10 && !figure.labels.empty() && figure.shades.empty();
  const double usual = marks ? 3.2 : n <= 30000 ? 2.0 : 1.5;
  const double smallest = usual * std::clamp(box.width / 1000.0, 0.5, 1.0);
  const double alpha = n <= 300 ? 0.85 : n <= 3000 ? 0.75 : n <= 30000 ? 0.6 : 0.4;
  // Transparency would change the colour of a shade.
  const bool opaque = figure.crisp || !figure.shades.empty();
  return {std::clamp(ideal, smallest, 9.0), opaque ? 1.0 : alpha};
}

void draw_points(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  const std::int64_t n = figure.points.shape()[0];
  if (n == 0) return;
  const PointStyle style = style_of(figure, frame.box);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto point = figure.points.row(i);
    if (!finite(point)) continue;
    const std::int64_t label = figure.labels.empty() ? 7 : figure.labels[at];
    const bool shaded = !figure.shades.empty();
    if (shaded && !std::isfinite(figure.shades[at])) continue;
    Color color = shaded ? shade_color(double{figure.shades[at]}) : class_color(label);
    color.alpha = style.alpha;
    // At whole pixels all points have the same pixels, which halves the file.
    const Point position = frame.position(point[0], point[1]);
    canvas.mark(figure.labels.empty() || shaded ? Mark::disc : class_mark(label),
                {std::floor(position.x) + 0.5, std::floor(position.y) + 0.5}, style.radius, color);
  }
}

/// Each class's name near its position, with a thin line to it if the name was moved far. A name
/// without room nearby is left out.
void draw_names(Canvas& canvas, const MapFigure& figure, const Frame& frame) {
  if (figure.label_positions.count() == 0) return;
  const bool many = figure.class_names.size() > 10;
  const bool crowded = figure.class_names.size() > kMostInLegend;
  const TextStyle style{.size = crowded ? 7.0
                                : many  ? 8.0
                                        : 9.0,
                        .bold = true,
                        .align = Align::center,
                        .halo = many ? 4.0 : 5.0};
  const auto class_names = crowded ? without_common_prefix(figure.class_names) : figure.class_names;
  std::vector<std::string> names;
  std::vector<Point> anchors;
  std::vector<Box> wished;
  for (std::int64_t i = 0; i < figure.label_positions.shape()[0]; ++i) {
    const auto position = figure.label_positions.row(i);
    if (!finite(position)) continue;
    const std::string& name = class_names[static_cast<std::size_t>(i)];
    names.push_back(crowded ? canvas.elided_middle(name, frame.box.width / 8.0, style)
                            : canvas.elided(name, frame.box.width / (many ? 6.0 : 4.0), style));
    anchors.push_back(frame.position(position[0], position[1]));
    const double width = canvas.text_width(names.back(), style) + 20.0;
    const double height = points(style.size) + 6.0;
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

void check_map(const MapFigure& figure) {
  require_columns("figure", "points", figure.points, 2);
  const std::int64_t n = figure.points.size(0), classes = std::ssize(figure.class_names);
  check_size("labels", figure.labels.size(), n, Optional::yes);
  check_size("shades", figure.shades.size(), n, Optional::yes);
  for (const std::int64_t label : figure.labels) {
    require(label >= 0 && (classes == 0 || label < classes), "figure", "labels", label,
            "it has no name in `class_names`");
  }
  if (!figure.labels.empty() && classes > 0) check_size("counts", figure.counts.size(), classes);
  if (figure.label_positions.count() > 0) {
    require_columns("figure", "label_positions", figure.label_positions, 2);
    check_size("label_positions", static_cast<std::size_t>(figure.label_positions.size(0)),
               classes);
  }
  if (!figure.extent) return;
  const auto& [low_x, low_y, span] = *figure.extent;
  require(std::isfinite(low_x) && std::isfinite(low_y) && std::isfinite(span) && span > 0, "figure",
          "extent", fmt::format("{}, {}, {}", low_x, low_y, span),
          "its corner must be finite and its span above 0");
}

/// Numbers along the left and lower edge.
void draw_ticks(Canvas& canvas, const Frame& frame) {
  const TextStyle below{.size = 8.0, .color = kGrey, .align = Align::center};
  const TextStyle beside{.size = 8.0, .color = kGrey, .align = Align::right};
  const LineStyle stroke{kPale, 2.0, {}};
  for (const double tick : linear_ticks(frame.data.low_x, frame.data.low_x + frame.data.span, 8)) {
    const double x = std::round(frame.position(tick, 0.0).x);
    canvas.line({x, frame.box.bottom()}, {x, frame.box.bottom() + 8.0}, stroke);
    canvas.text({x, frame.box.bottom() + 34.0}, tick_text(tick), below);
  }
  for (const double tick : linear_ticks(frame.data.low_y, frame.data.low_y + frame.data.span, 8)) {
    const double y = std::round(frame.position(0.0, tick).y);
    canvas.line({frame.box.x - 8.0, y}, {frame.box.x, y}, stroke);
    canvas.text({frame.box.x - 12.0, y + 8.0}, tick_text(tick), beside);
  }
}

}  // namespace

MapExtent extent_of(ConstView points) {
  require_columns("figure", "points", points, 2);
  double low[2] = {std::numeric_limits<double>::infinity(),
                   std::numeric_limits<double>::infinity()};
  double high[2] = {-low[0], -low[1]};
  for (std::int64_t i = 0; i < points.size(0); ++i) {
    const auto point = points.row(i);
    if (!finite(point)) continue;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      low[axis] = std::min<double>(low[axis], point[axis]);
      high[axis] = std::max<double>(high[axis], point[axis]);
    }
  }
  if (!(low[0] <= high[0])) return {};
  double span = 1.06 * std::max(high[0] - low[0], high[1] - low[1]);
  if (!(span > 0.0)) span = 1.0;
  return {(low[0] + high[0] - span) / 2.0, (low[1] + high[1] - span) / 2.0, span};
}

void draw_square(Canvas& canvas, const MapFigure& figure, const Box& box) {
  check_map(figure);
  const Frame frame{figure.extent.value_or(extent_of(figure.points)), box};
  canvas.clipped(box, [&] {
    if (figure.crisp) canvas.no_smooth_edges();
    draw_points(canvas, figure, frame);
  });
  canvas.frame(box);
  draw_names(canvas, figure, frame);
}

double draw(Canvas& canvas, const MapFigure& figure) {
  check_map(figure);
  canvas.allow_few_colors();
  const double top = draw_header(canvas, figure.text);
  const double left = kMargin + (figure.y_label.empty() ? 0.0 : 36.0) + (figure.ticks ? 62.0 : 2.0);
  const double most = kPageWidth - kMargin - left;
  const bool shaded = !figure.shades.empty();
  const bool crowded = figure.class_names.size() > kMostInLegend;
  const Legend legend = figure.labels.empty() || shaded || crowded
                            ? Legend{}
                            : lay_out_legend(canvas, figure.class_names, figure.counts, most);
  const double side = std::floor(most - (shaded ? kColorBarWidth : legend.width));
  const Frame frame{figure.extent.value_or(extent_of(figure.points)), {left, top, side, side}};
  draw_square(canvas, figure, frame.box);
  if (figure.ticks) draw_ticks(canvas, frame);
  if (shaded) {
    draw_color_bar(canvas, figure.bar, {frame.box.right(), top}, side);
  } else {
    draw_legend(canvas, legend, {frame.box.right(), top});
  }

  double bottom = frame.box.bottom() + (figure.ticks ? 34.0 : 0.0);
  if (!figure.x_label.empty()) {
    bottom += 36.0;
    canvas.text({frame.box.x + side / 2, bottom}, figure.x_label, {.align = Align::center});
  }
  if (!figure.y_label.empty()) {
    canvas.text({kMargin + 22.0, top + side / 2}, figure.y_label,
                {.align = Align::center, .upward = true});
  }
  const TextStyle grey{.color = kGrey};
  if (figure.scores.empty()) return draw_footer(canvas, figure.text, bottom);
  bottom += 12.0;
  for (const std::string& line : canvas.wrapped(figure.scores, kContentWidth, grey)) {
    bottom = std::ceil(bottom + grey.line_height());
    canvas.text({kMargin, bottom}, line, grey);
  }
  return draw_footer(canvas, figure.text, bottom);
}

}  // namespace hourglass
