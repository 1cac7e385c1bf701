#include "hourglass/figures/sheet.h"

#include <algorithm>
#include <cmath>

#include "hourglass/figures/impl/checks.h"

namespace hourglass {
namespace {

constexpr double kLargest = 280.0;     // largest side of an image, in pixels
constexpr double kTall = 1200.0;       // pixels; beyond this height images get smaller
constexpr std::int64_t kColumns = 20;  // large images are shrunk until a row holds this many

struct Grid {
  std::int64_t columns = 1;
  double gap = 8.0;
  Fit fit;
};

std::int64_t rows_of(std::int64_t n, std::int64_t columns) {
  return (n + columns - 1) / columns;
}

/// The largest images for which the sheet is not too tall, or else the smallest allowed ones.
Grid grid_of(const ImageShape& shape, std::int64_t n) {
  const auto own_size = static_cast<std::int64_t>(kContentWidth) / (shape.width + 2);
  const std::int64_t most = std::max(kColumns, own_size);
  Grid grid;
  for (std::int64_t columns = 1; columns <= most; ++columns) {
    grid.gap = columns > 12 ? 2.0 : 8.0;
    const double room = kContentWidth + grid.gap;
    const double cell = room / static_cast<double>(columns) - grid.gap;
    grid.fit = fit_image(shape, std::min(cell, kLargest), kLargest);
    // Whole factors may leave room for more than this.
    grid.columns = std::max(columns, static_cast<std::int64_t>(room / (grid.fit.width + grid.gap)));
    if (static_cast<double>(rows_of(n, grid.columns)) * (grid.fit.height + grid.gap) <= kTall)
      break;
  }
  return grid;
}

}  // namespace

double draw(Canvas& canvas, const SheetFigure& figure) {
  const std::int64_t n = figure.images.shape().rank() == 2 ? figure.images.shape()[0] : 0;
  if (n > 0) check_images("images", figure.images, n, figure.shape);
  const double top = std::max(kMargin, draw_header(canvas, figure.text));
  if (n == 0) return draw_footer(canvas, figure.text, top);
  const Grid grid = grid_of(figure.shape, n);
  const double row_height = grid.fit.height + grid.gap;
  const std::int64_t rows = rows_of(n, grid.columns);
  const double bottom = top + row_height * static_cast<double>(rows) - grid.gap;
  if (bottom > kTallestPage) return bottom;  // the caller refuses it
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
