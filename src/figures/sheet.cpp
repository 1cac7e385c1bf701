#include "figures/sheet.h"

#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

constexpr double kLargest = 280.0;  // pixels a single image may be wide or high

struct Grid {
  std::int64_t columns = 1;
  double gap = 8.0;
  Fit fit;
};

/// About as many columns as give a page in the proportions of 4 to 3.
Grid grid_of(const ImageShape& shape, std::int64_t n) {
  const double wide = static_cast<double>(shape.width) / static_cast<double>(shape.height);
  const double ideal = std::ceil(std::sqrt(static_cast<double>(n) * 4.0 / 3.0 / wide));
  const double narrowest = static_cast<double>(shape.width) + 2.0;
  const double most = std::max(20.0, std::floor(kContentWidth / narrowest));
  Grid grid;
  grid.columns = static_cast<std::int64_t>(std::clamp(ideal, 1.0, most));
  grid.columns = std::min(grid.columns, n);
  grid.gap = grid.columns > 12 ? 2.0 : 8.0;
  const double cell = (kContentWidth + grid.gap) / static_cast<double>(grid.columns) - grid.gap;
  grid.fit = fit_image(shape, std::min(cell, kLargest), kLargest);
  return grid;
}

}  // namespace

double draw(Canvas& canvas, const SheetFigure& figure) {
  const std::int64_t n = figure.images.shape().rank() == 2 ? figure.images.shape()[0] : 0;
  const double top = std::max(kMargin, draw_header(canvas, figure.text));
  if (n == 0) return draw_footer(canvas, figure.text, top);
  const Grid grid = grid_of(figure.shape, n);
  const double row_height = grid.fit.height + grid.gap;
  const std::int64_t rows = (n + grid.columns - 1) / grid.columns;
  const double bottom = top + row_height * static_cast<double>(rows) - grid.gap;
  if (bottom > kTallestPage) return bottom;  // refused by the caller, who knows how to say it
  for (std::int64_t i = 0; i < n; ++i) {
    const Point at{kMargin + static_cast<double>(i % grid.columns) * (grid.fit.width + grid.gap),
                   top + static_cast<double>(i / grid.columns) * row_height};
    canvas.image(at, resized(raster_of(figure.images.row(i), figure.shape), grid.fit));
    if (grid.gap > 4.0) {
      canvas.frame(
          {at.x, at.y, static_cast<double>(grid.fit.width), static_cast<double>(grid.fit.height)});
    }
  }
  return draw_footer(canvas, figure.text, bottom);
}

}  // namespace hourglass
