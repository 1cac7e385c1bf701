#include "hourglass/figures/loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/figures/axis.h"
#include "hourglass/figures/impl/checks.h"
#include "hourglass/figures/impl/plot.h"

namespace hourglass {
namespace {

constexpr double kHeight = 720.0;
constexpr double kNumbers = 110.0;  // left of the box, for the axis' numbers
constexpr double kLeader = 34.0;    // from the box to the names at the right
constexpr double kStrip = 0.06;     // of the height, below the curves, for the best point's text
constexpr double kWordsHeight = 52.0;
constexpr std::size_t kDotted = 25;  // up to this number of epochs, each has a dot

struct Curve {
  std::string name;
  const std::vector<double>* values = nullptr;
  LineStyle style;
};

std::vector<Curve> curves_of(const LossFigure& figure) {
  std::vector<Curve> out;
  out.push_back({"train", &figure.train, {line_color(0), 3.5, {}}});
  if (!figure.validation.empty()) {
    out.push_back({"validation", &figure.validation, {line_color(2), 3.5, {5.0, 7.0}}});
  }
  out.push_back({"test", &figure.test, {line_color(1), 3.5, {16.0, 7.0}}});
  return out;
}

bool shown(double value) {
  return std::isfinite(value) && value > 0.0;
}

/// From a little below the smallest value to a little above the largest.
Scale y_scale(const LossFigure& figure, const std::vector<Curve>& curves) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0.0;
  const auto take = [&](double value) {
    if (!shown(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const Curve& curve : curves) {
    for (const double value : *curve.values) take(value);
  }
  if (figure.pca) take(*figure.pca);
  if (!(low <= high)) return {0.001, 1.0, true};
  const double air = std::max(1.1, std::pow(high / low, 0.06));
  return {low / air, high * air, true};
}

/// A name at the right of the box, joined to the end of its curve by a thin line.
struct EndLabel {
  std::string name;
  Color color;
  Point end;
};

void draw_end_labels(Canvas& canvas, const std::vector<EndLabel>& labels, const Box& box) {
  const TextStyle base{.bold = true};
  std::vector<double> positions;
  for (const EndLabel& label : labels) positions.push_back(label.end.y);
  positions = spread_apart(positions, base.line_height(), box.y + 10.0, box.bottom() - 10.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    TextStyle style = base;
    style.color = mixed(labels[i].color, kInk, 0.25);
    const double x = box.right() + kLeader;
    canvas.line({labels[i].end.x + 4.0, labels[i].end.y}, {x - 6.0, positions[i]},
                {mixed(labels[i].color, kWhite, 0.4), 1.5, {}});
    canvas.text({x, positions[i] + 9.0}, labels[i].name, style);
  }
}

void draw_best(Canvas& canvas, const LossFigure& figure, const Plot& plot) {
  if (!figure.best) return;
  const auto& values = figure.validation.empty() ? figure.test : figure.validation;
  const std::size_t i = *figure.best;
  if (!shown(values[i])) return;
  const Point at = plot.position(figure.epochs[i], values[i]);
  const std::string words =
      fmt::format("best: {} after epoch {}", error_text(values[i]), tick_text(figure.epochs[i]));
  // The text is in a strip below all curves, joined to the point.
  const TextStyle style{.align = Align::center, .halo = 4.0};
  const double half = canvas.text_width(words, style) / 2.0 + 8.0;
  const double x = std::clamp(at.x, plot.box.x + half, plot.box.right() - half);
  const double base = plot.box.bottom() - 16.0;
  canvas.line({at.x, at.y + 12.0}, {at.x, base - 26.0}, {kPale, 2.0, {}});
  canvas.ring(at, 11.0, {kInk, 2.5, {}});
  canvas.text({x, base}, words, style);
}

}  // namespace

double draw(Canvas& canvas, const LossFigure& figure) {
  const std::int64_t n = std::ssize(figure.epochs);
  check_rising("epochs", figure.epochs);
  check_size("train", figure.train.size(), n);
  check_size("test", figure.test.size(), n);
  check_size("validation", figure.validation.size(), n, Optional::yes);
  if (figure.best) {
    require(static_cast<std::int64_t>(*figure.best) < n, "figure", "best", *figure.best,
            "must be the index of an epoch");
  }
  canvas.allow_few_colors();
  const double top = draw_header(canvas, figure.text);
  const std::vector<Curve> curves = curves_of(figure);

  double names = 0.0;
  for (const Curve& curve : curves) {
    names = std::max(names, canvas.text_width(curve.name, {.bold = true}));
  }
  if (figure.pca) names = std::max(names, canvas.text_width(figure.pca_label, {.bold = true}));
  const double left = kMargin + 40.0 + kNumbers;
  Plot plot;
  plot.box = {left, top, std::floor(kPageWidth - kMargin - names - kLeader - left), kHeight};
  plot.x = {1.0, 2.0, false};
  if (!figure.epochs.empty()) plot.x = {figure.epochs.front(), figure.epochs.back(), false};
  if (!(plot.x.high > plot.x.low)) plot.x = {plot.x.low - 0.5, plot.x.low + 0.5, false};
  plot.y = y_scale(figure, curves);
  if (figure.best) plot.y.low /= std::pow(plot.y.high / plot.y.low, kStrip);

  draw_y_axis(canvas, plot, 5, figure.best ? kWordsHeight : 0.0);
  double bottom = draw_x_axis(canvas, plot, 10, true) + 34.0;
  canvas.text({plot.box.x + plot.box.width / 2, bottom}, "epoch", {.align = Align::center});
  canvas.text({kMargin + 22.0, top + kHeight / 2}, figure.y_label,
              {.align = Align::center, .upward = true});

  std::vector<EndLabel> labels;
  if (figure.pca && shown(*figure.pca)) {
    const double y = plot.position(plot.x.low, *figure.pca).y;
    canvas.line({plot.box.x, y}, {plot.box.right(), y}, {kGrey, 2.5, {10.0, 8.0}});
    labels.push_back({figure.pca_label, kGrey, {plot.box.right(), y}});
  }
  draw_best(canvas, figure, plot);
  for (const Curve& curve : curves) {
    Point end{-1.0, 0.0};
    for (const auto& piece : plot.pieces(figure.epochs, *curve.values)) {
      canvas.polyline(piece, curve.style);
      end = piece.back();
      if (figure.epochs.size() > kDotted && piece.size() > 1) continue;
      for (const Point& point : piece) canvas.mark(Mark::disc, point, 6.0, curve.style.color);
    }
    if (end.x >= 0.0) labels.push_back({curve.name, curve.style.color, end});
  }
  draw_end_labels(canvas, labels, plot.box);
  return draw_footer(canvas, figure.text, bottom);
}

}  // namespace hourglass
