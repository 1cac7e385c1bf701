#include "hourglass/figures/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/figures/impl/checks.h"
#include "hourglass/figures/impl/plot.h"

namespace hourglass {
namespace {

constexpr double kGap = 8.0;
constexpr double kLabelSpace = 308.0;
constexpr double kLargest = 224.0;
constexpr int kBins = 80;
constexpr double kHistogramHeight = 200.0;

LineStyle style_of(std::size_t row) {
  // Different dashes, for prints in black and white.
  static const std::array<std::vector<double>, 3> kDashes = {
      std::vector<double>{}, std::vector<double>{14.0, 6.0}, std::vector<double>{5.0, 5.0}};
  return {line_color(static_cast<int>(row)), 3.0, kDashes[row]};
}

/// A row's label with a sample of its line style, then its images in one or more lines.
double draw_row(Canvas& canvas, const NoiseFigure& figure, std::size_t index, double y) {
  const NoiseRow& row = figure.rows[index];
  const std::int64_t n = row.images.shape().rank() == 2 ? row.images.shape()[0] : 0;
  const double room = kContentWidth - kLabelSpace + kGap;
  std::int64_t columns = std::max<std::int64_t>(n, 1);
  const auto pitch_of = [&](std::int64_t count) {
    return std::floor(room / static_cast<double>(count));
  };
  const auto fit_of = [&](std::int64_t count) {
    return fit_image(figure.shape, std::min(pitch_of(count) - kGap, kLargest), kLargest);
  };
  if (n > 5 && fit_of(columns).factor < 2) columns = (n + 1) / 2;
  const Fit fit = fit_of(columns);
  const double pitch = std::min(pitch_of(columns), fit.width + 3.0 * kGap);

  const TextStyle label{.color = kGrey};
  const auto lines = canvas.wrapped(row.label, kLabelSpace - 24.0, label);
  const double block = label.line_height() * static_cast<double>(lines.size()) + 20.0;
  double base = y + std::max(0.0, (fit.height - block) / 2.0);
  for (const std::string& line : lines) {
    base += label.line_height();
    canvas.text({kMargin, std::round(base - 8.0)}, line, label);
  }
  base = std::round(base) + 12.0;
  canvas.line({kMargin, base}, {kMargin + 64.0, base}, style_of(index));

  double bottom = y;
  for (std::int64_t i = 0; i < n; ++i) {
    const Point at{kMargin + kLabelSpace + pitch * static_cast<double>(i % columns),
                   y + static_cast<double>(i / columns) * (fit.height + kGap)};
    canvas.image(at, resized(raster_of(row.images.row(i), figure.shape), fit));
    canvas.frame({at.x, at.y, static_cast<double>(fit.width), static_cast<double>(fit.height)});
    bottom = at.y + fit.height;
  }
  return std::max(bottom, base + 8.0) + 2.0 * kGap;
}

/// Counts of the norms in equal bins from 0 to `high`, scaled to a peak of 1; empty without norms.
std::vector<double> histogram(const std::vector<double>& norms, double high) {
  std::vector<double> bins(kBins);
  for (const double norm : norms) {
    if (!std::isfinite(norm) || norm < 0.0) continue;
    bins[static_cast<std::size_t>(std::min(kBins - 1.0, norm / high * kBins))] += 1.0;
  }
  const double peak = *std::max_element(bins.begin(), bins.end());
  if (peak == 0.0) return {};
  for (double& bin : bins) bin /= peak;
  return bins;
}

/// A histogram's outline and where its name should point.
struct Outline {
  std::size_t row = 0;
  std::vector<Point> points;
  Point peak;
};

std::vector<Outline> outlines_of(const NoiseFigure& figure, const Plot& plot) {
  std::vector<Outline> out;
  for (std::size_t row = 0; row < figure.rows.size(); ++row) {
    const auto bins = histogram(figure.rows[row].norms, plot.x.high);
    if (bins.empty()) continue;
    Outline outline{row, {}, {}};
    const auto filled = [](double bin) { return bin > 0.0; };
    const auto first = std::find_if(bins.begin(), bins.end(), filled) - bins.begin();
    const auto last = bins.rend() - std::find_if(bins.rbegin(), bins.rend(), filled);  // one past
    const auto edge = [&](std::ptrdiff_t i) {
      return plot.x.high * static_cast<double>(i) / kBins;
    };
    outline.points.push_back(plot.position(edge(first), 0.0));
    for (auto i = first; i < last; ++i) {
      const double height = bins[static_cast<std::size_t>(i)];
      outline.points.push_back(plot.position(edge(i), height));
      outline.points.push_back(plot.position(edge(i + 1), height));
    }
    outline.points.push_back(plot.position(edge(last), 0.0));
    const auto top =
        static_cast<std::size_t>(std::max_element(bins.begin(), bins.end()) - bins.begin());
    outline.peak = plot.position(plot.x.high * (static_cast<double>(top) + 0.5) / kBins, 1.0);
    out.push_back(std::move(outline));
  }
  return out;
}

/// Names above their peaks, on several levels where they would touch.
void draw_peak_names(Canvas& canvas, const NoiseFigure& figure, std::vector<Outline> outlines,
                     const Box& box) {
  const TextStyle base{.size = 8.0, .align = Align::center, .halo = 4.0};
  std::stable_sort(outlines.begin(), outlines.end(),
                   [](const Outline& a, const Outline& b) { return a.peak.x < b.peak.x; });
  std::array<double, 3> taken_until{};  // right end of the last name on each level
  std::vector<Point> positions;
  for (const Outline& outline : outlines) {
    const double half = canvas.text_width(figure.rows[outline.row].label, base) / 2.0 + 10.0;
    const double rightmost = std::max(box.x + half, box.right() - half);
    const double x = std::clamp(outline.peak.x, box.x + half, rightmost);
    std::size_t level = 0;
    while (level + 1 < taken_until.size() && taken_until[level] > x - half) ++level;
    taken_until[level] = x + half;
    positions.push_back({x, box.y - 14.0 - base.line_height() * static_cast<double>(level)});
  }
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Point peak = outlines[i].peak;
    const Color color = line_color(static_cast<int>(outlines[i].row));
    canvas.line({peak.x, peak.y - 3.0}, {peak.x, positions[i].y + 6.0},
                {mixed(color, kWhite, 0.4), 1.5, {}});
  }
  for (std::size_t i = 0; i < positions.size(); ++i) {
    TextStyle style = base;
    style.color = mixed(line_color(static_cast<int>(outlines[i].row)), kInk, 0.3);
    canvas.text(positions[i], figure.rows[outlines[i].row].label, style);
  }
}

double draw_histograms(Canvas& canvas, const NoiseFigure& figure, double y) {
  double high = 0.0;
  for (const NoiseRow& row : figure.rows) {
    for (const double norm : row.norms) {
      if (std::isfinite(norm)) high = std::max(high, norm);
    }
  }
  if (!(high > 0.0)) return y;
  const TextStyle note{.size = 8.0, .color = kGrey};
  Plot plot;
  plot.box = {kMargin, std::ceil(y + 24.0 + 3.0 * note.line_height()), kContentWidth,
              kHistogramHeight};
  plot.x = {0.0, 1.02 * high, false};
  plot.y = {0.0, 1.0, false};
  const auto outlines = outlines_of(figure, plot);
  for (const Outline& outline : outlines) {
    Color light = line_color(static_cast<int>(outline.row));
    light.alpha = 0.13;
    canvas.fill_under(outline.points, plot.box.bottom(), light);
  }
  for (const Outline& outline : outlines) canvas.polyline(outline.points, style_of(outline.row));
  draw_peak_names(canvas, figure, outlines, plot.box);
  const double bottom = draw_x_axis(canvas, plot, 10) + note.line_height();
  canvas.text({kMargin + kContentWidth / 2, bottom}, figure.norm_label,
              {.size = 8.0, .color = kGrey, .align = Align::center});
  return bottom + 8.0;
}

}  // namespace

double draw(Canvas& canvas, const NoiseFigure& figure) {
  require(figure.rows.size() <= 3, "figure", "rows", figure.rows.size(), "at most 3 are possible");
  check_shape(figure.shape);
  for (const NoiseRow& row : figure.rows) {
    if (row.images.count() > 0) {
      check_images("images", row.images, row.images.size(0), figure.shape);
    }
  }
  double y = draw_header(canvas, figure.text);
  for (std::size_t i = 0; i < figure.rows.size(); ++i) y = draw_row(canvas, figure, i, y);
  y = draw_histograms(canvas, figure, y);
  if (!figure.sentence.empty()) {
    const TextStyle style;
    y += 14.0;
    for (const std::string& line : canvas.wrapped(figure.sentence, kContentWidth, style)) {
      y += style.line_height();
      canvas.text({kMargin, std::round(y)}, line, style);
    }
  }
  return draw_footer(canvas, figure.text, y);
}

}  // namespace hourglass
