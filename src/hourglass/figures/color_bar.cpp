#include "hourglass/figures/color_bar.h"

#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

constexpr double kGap = 28.0;  // before the bar
constexpr double kThickness = 34.0;
constexpr double kTallest = 560.0;
constexpr int kSteps = 140;

}  // namespace

void draw_color_bar(Canvas& canvas, const ColorBar& bar, Point at, double room) {
  const TextStyle title{.size = 8.0};
  const TextStyle number{.size = 8.0, .color = kGrey};
  const double x = std::round(at.x + kGap);
  double y = at.y;
  for (const std::string& line : canvas.wrapped(bar.title, kColorBarWidth - kGap, title)) {
    y += title.line_height();
    canvas.text({x, y - 8.0}, line, title);
  }
  y = std::ceil(y + 8.0);
  const double height = std::max(1.0, std::floor(std::min(kTallest, at.y + room - y)));
  for (int i = 0; i < kSteps; ++i) {
    const double begin = std::round(y + height * i / kSteps);
    const double end = std::round(y + height * (i + 1) / kSteps);
    canvas.fill({x, begin, kThickness, end - begin}, shade_color((i + 0.5) / kSteps));
  }
  canvas.frame({x, y, kThickness, height});
  for (const ColorBar::Tick& tick : bar.ticks) {
    const double level = std::round(y + tick.position * height);
    canvas.line({x + kThickness, level}, {x + kThickness + 8.0, level}, {kPale, 2.0, {}});
    canvas.text({x + kThickness + 14.0, level + 8.0}, tick.text, number);
  }
}

}  // namespace hourglass
