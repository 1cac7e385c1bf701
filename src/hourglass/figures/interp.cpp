#include "hourglass/figures/interp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/figures/impl/checks.h"
#include "hourglass/figures/impl/plot.h"

namespace hourglass {
namespace {

constexpr double kGap = 8.0;
constexpr double kStep = 20.0;      // between an original and the decoded images
constexpr double kLargest = 224.0;  // largest height or width of an image, in pixels
constexpr double kCurveHeight = 130.0;
constexpr double kCurveNumbers = 90.0;

const TextStyle kNote{.size = 8.0, .color = kGrey};
const TextStyle kCentred{.size = 8.0, .color = kGrey, .align = Align::center};

/// Columns of a line and the size of an image.
struct Layout {
  std::int64_t lines = 1;
  std::int64_t columns = 0;  // decoded images in a line
  double pitch = 0.0;
  Fit fit;
};

Layout lay_out(const ImageShape& shape, std::int64_t steps, std::int64_t lines) {
  Layout out;
  out.lines = lines;
  out.columns = (steps + lines - 1) / lines;
  const double ends = lines == 1 ? 2.0 : 1.0;
  const double room = kContentWidth - ends * kStep;
  out.pitch = std::floor((room + kGap) / (static_cast<double>(out.columns) + ends));
  const double cell = std::min(out.pitch - kGap, kLargest);
  out.fit = fit_image(shape, cell, kLargest);
  out.pitch = std::min(out.pitch, std::max(out.fit.width + kGap, 100.0));
  return out;
}

void draw_image(Canvas& canvas, const InterpFigure& figure, const Layout& layout,
                std::span<const float> pixels, Point at) {
  canvas.image(at, resized(raster_of(pixels, figure.shape), layout.fit));
  canvas.frame(
      {at.x, at.y, static_cast<double>(layout.fit.width), static_cast<double>(layout.fit.height)});
}

/// The decoded images [begin, end) with the cross-fade above them; returns where they end.
double draw_line(Canvas& canvas, const InterpFigure& figure, const InterpPath& path,
                 const Layout& layout, std::int64_t begin, std::int64_t end, double y) {
  const std::int64_t steps = path.decoded.shape()[0];
  const double start = kMargin + (begin == 0 ? layout.pitch + kStep : 0.0);
  const auto column = [&](std::int64_t i) {
    return start + layout.pitch * static_cast<double>(i - begin);
  };
  const double half = layout.fit.width / 2.0;
  if (path.crossfade.shape().rank() == 2) {
    y = std::ceil(y + kNote.line_height());
    canvas.text({start, y - 4.0}, "plain cross-fade of the pixels, as a control", kNote);
    y += 6.0;
    for (std::int64_t i = begin; i < end; ++i) {
      draw_image(canvas, figure, layout, path.crossfade.row(i), {column(i), y});
    }
    y += layout.fit.height + 6.0;
  }
  y = std::ceil(y + kNote.line_height());
  canvas.text({start, y - 4.0}, "decoded from the latent vectors between", kNote);
  y += 6.0;
  for (std::int64_t i = begin; i < end; ++i) {
    draw_image(canvas, figure, layout, path.decoded.row(i), {column(i), y});
  }
  const double words = y + layout.fit.height + kNote.line_height();
  if (begin == 0) {
    draw_image(canvas, figure, layout, path.ends.row(0), {kMargin, y});
    canvas.text({kMargin + half, words}, "original", kCentred);
  }
  if (end == steps) {
    const double x = column(end) + kStep;
    draw_image(canvas, figure, layout, path.ends.row(1), {x, y});
    canvas.text({x + half, words}, "original", kCentred);
  }
  for (std::int64_t i = begin; i < end; ++i) {
    const double alpha = path.alphas[static_cast<std::size_t>(i)];
    canvas.text({column(i) + half, words},
                fmt::format("{}{:.2g}", i == begin ? "\xCE\xB1 = " : "", alpha), kCentred);
  }
  return words + 8.0;
}

/// Names of the curve and of the dashed line, each after a sample of it.
void draw_key(Canvas& canvas, const InterpFigure& figure, Point at, const LineStyle& curve,
              const LineStyle& usual) {
  const std::string_view name = "distance to the nearest training latent";
  canvas.line({at.x, at.y - 7.0}, {at.x + 44.0, at.y - 7.0}, curve);
  canvas.text({at.x + 54.0, at.y}, name, kNote);
  if (!figure.usual_distance) return;
  const double x = at.x + 54.0 + canvas.text_width(name, kNote) + 40.0;
  canvas.line({x, at.y - 7.0}, {x + 44.0, at.y - 7.0}, usual);
  canvas.text({x + 54.0, at.y}, figure.usual_label, kNote);
}

/// The curve; below the decoded images if those are in one line.
double draw_curve(Canvas& canvas, const InterpFigure& figure, const InterpPath& path,
                  const Layout& layout, double y) {
  double high = figure.usual_distance.value_or(0.0);
  for (const double distance : path.distances) {
    if (std::isfinite(distance)) high = std::max(high, distance);
  }
  const LineStyle curve{line_color(0), 3.0, {}};
  const LineStyle usual{kGrey, 2.0, {9.0, 7.0}};
  Plot plot;
  const double half = layout.fit.width / 2.0;
  const bool aligned = layout.lines == 1 && layout.columns > 2;
  const double left = aligned ? kMargin + layout.pitch + kStep + half : kMargin + kCurveNumbers;
  const double width = aligned ? layout.pitch * static_cast<double>(layout.columns - 1)
                               : kContentWidth - kCurveNumbers - 20.0;
  y = std::ceil(y + kNote.line_height()) + 14.0;
  draw_key(canvas, figure, {left, y}, curve, usual);
  plot.box = {left, y + 16.0, width, kCurveHeight};
  plot.x = {path.alphas.front(), path.alphas.back(), false};
  if (!(plot.x.high > plot.x.low)) plot.x = {0.0, 1.0, false};
  plot.y = {0.0, high > 0.0 ? 1.08 * high : 1.0, false};
  draw_y_axis(canvas, plot, 4);
  const double bottom = draw_x_axis(canvas, plot, 10);
  canvas.text({plot.box.right() + 24.0, plot.box.bottom() + 34.0}, "\xCE\xB1", kNote);
  if (figure.usual_distance) {
    const double level = plot.position(0.0, *figure.usual_distance).y;
    canvas.line({plot.box.x, level}, {plot.box.right(), level}, usual);
  }
  for (const auto& piece : plot.pieces(path.curve_alphas, path.distances)) {
    canvas.polyline(piece, curve);
  }
  return bottom;
}

double draw_path(Canvas& canvas, const InterpFigure& figure, const InterpPath& path, double y) {
  const std::int64_t steps = path.decoded.shape().rank() == 0 ? 0 : path.decoded.size(0);
  check_size("alphas", path.alphas.size(), steps);
  check_size("distances", path.distances.size(), std::ssize(path.curve_alphas));
  check_rising("alphas", path.alphas);
  check_rising("curve_alphas", path.curve_alphas);
  if (steps == 0) return y;
  check_images("decoded", path.decoded, steps, figure.shape);
  check_images("crossfade", path.crossfade, steps, figure.shape);
  check_images("ends", path.ends, 2, figure.shape);
  Layout layout = lay_out(figure.shape, steps, 1);
  if (steps > 5 && layout.fit.factor < 2) layout = lay_out(figure.shape, steps, 2);
  if (!path.title.empty()) {
    const TextStyle style;
    y = std::ceil(y + style.line_height());
    canvas.text({kMargin, y - 6.0}, canvas.elided(path.title, kContentWidth, style), style);
    y += 8.0;
  }
  for (std::int64_t begin = 0; begin < steps; begin += layout.columns) {
    if (begin > 0) y += 14.0;
    y = draw_line(canvas, figure, path, layout, begin, std::min(steps, begin + layout.columns), y);
  }
  return path.distances.empty() ? y : draw_curve(canvas, figure, path, layout, y);
}

}  // namespace

double draw(Canvas& canvas, const InterpFigure& figure) {
  if (figure.usual_distance) {
    require(std::abs(*figure.usual_distance) <= 1e15, "figure", "usual_distance",
            *figure.usual_distance, "must be a finite number");
  }
  double y = draw_header(canvas, figure.text) - 16.0;
  for (std::size_t i = 0; i < figure.paths.size(); ++i) {
    if (i > 0) y += 36.0;
    y = draw_path(canvas, figure, figure.paths[i], y);
  }
  return draw_footer(canvas, figure.text, y);
}

}  // namespace hourglass
