#include "hourglass/figures/impl/plot.h"

#include <cmath>

#include "hourglass/figures/axis.h"

namespace hourglass {
namespace {

const LineStyle kGridLine{kGrid, 2.0, {}};
const LineStyle kAxisLine{kPale, 2.0, {}};

}  // namespace

double Scale::share(double value) const {
  if (logarithmic) return std::log(value / low) / std::log(high / low);
  return (value - low) / (high - low);
}

std::vector<double> Scale::ticks(int most) const {
  return logarithmic ? log_ticks(low, high) : linear_ticks(low, high, most);
}

Point Plot::position(double x_value, double y_value) const {
  return {box.x + x.share(x_value) * box.width, box.bottom() - y.share(y_value) * box.height};
}

std::vector<std::vector<Point>> Plot::pieces(const std::vector<double>& xs,
                                             const std::vector<double>& ys) const {
  std::vector<std::vector<Point>> out;
  bool open = false;
  for (std::size_t i = 0; i < xs.size() && i < ys.size(); ++i) {
    const bool shown = std::isfinite(ys[i]) && (!y.logarithmic || ys[i] > 0.0);
    if (shown && !open) out.emplace_back();
    if (shown) out.back().push_back(position(xs[i], ys[i]));
    open = shown;
  }
  return out;
}

void draw_y_axis(Canvas& canvas, const Plot& plot, int most_ticks, double kept_free) {
  const TextStyle number{.size = 8.0, .color = kGrey, .align = Align::right};
  for (const double tick : plot.y.ticks(most_ticks)) {
    const double y = std::round(plot.position(plot.x.low, tick).y);
    if (kept_free > 0.0 && y > plot.box.bottom() - kept_free) continue;
    canvas.line({plot.box.x, y}, {plot.box.right(), y}, kGridLine);
    canvas.text({plot.box.x - 12.0, y + 8.0}, tick_text(tick), number);
  }
}

double draw_x_axis(Canvas& canvas, const Plot& plot, int most_ticks, bool whole_numbers) {
  const TextStyle number{.size = 8.0, .color = kGrey, .align = Align::center};
  const double bottom = plot.box.bottom();
  canvas.line({plot.box.x, bottom}, {plot.box.right(), bottom}, kAxisLine);
  for (const double tick : plot.x.ticks(most_ticks)) {
    if (whole_numbers && std::abs(tick - std::round(tick)) > 1e-6) continue;
    const double x = std::round(plot.position(tick, plot.y.low).x);
    canvas.line({x, bottom}, {x, bottom + 8.0}, kAxisLine);
    canvas.text({x, bottom + 34.0}, tick_text(tick), number);
  }
  return bottom + 36.0;
}

}  // namespace hourglass
