#include "hourglass/data/impl/strokes_raster.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace hourglass {
namespace {

// The pixels whose centres may lie in [low, high], as [first, last) within [0, size).
struct PixelRange {
  int first, last;
};

PixelRange pixels_between(double low, double high, int size) {
  // Clamped before the conversion: a coordinate far outside must not overflow the integer.
  const double limit = size;
  const double first = std::clamp(low, 0.0, limit);
  const double last = std::clamp(high + 1.0, 0.0, limit);
  return {static_cast<int>(first), static_cast<int>(last)};
}

double smooth_step(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * (3.0 - 2.0 * x);
}

void draw_segment(InkSheet sheet, const PenPoint& a, const PenPoint& b, double softness) {
  const double reach = std::max(a.radius, b.radius) + softness;
  const auto rows =
      pixels_between(std::min(a.y, b.y) - reach, std::max(a.y, b.y) + reach, sheet.height);
  const auto columns =
      pixels_between(std::min(a.x, b.x) - reach, std::max(a.x, b.x) + reach, sheet.width);
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double squared_length = dx * dx + dy * dy;
  const double along = squared_length > 0.0 ? 1.0 / squared_length : 0.0;

  for (int row = rows.first; row < rows.last; ++row) {
    const double py = row + 0.5 - a.y;
    for (int column = columns.first; column < columns.last; ++column) {
      const double px = column + 0.5 - a.x;
      const double t = std::clamp((px * dx + py * dy) * along, 0.0, 1.0);
      const double ex = px - t * dx;
      const double ey = py - t * dy;
      const double squared = ex * ex + ey * ey;
      if (squared >= reach * reach) continue;
      const double inside = a.radius + t * (b.radius - a.radius) - std::sqrt(squared);
      double& cover = sheet.cover[static_cast<std::size_t>(row * sheet.width + column)];
      cover = std::max(cover, smooth_step((inside + softness) / (2.0 * softness)));
    }
  }
}

}  // namespace

void draw_pen_path(InkSheet sheet, std::span<const PenPoint> path, double softness) {
  assert(softness > 0.0);
  if (path.size() == 1) draw_segment(sheet, path[0], path[0], softness);
  for (std::size_t i = 1; i < path.size(); ++i) {
    draw_segment(sheet, path[i - 1], path[i], softness);
  }
}

InkCentre ink_centre(const InkSheet& sheet) {
  double mass = 0.0, x = 0.0, y = 0.0;
  for (int row = 0; row < sheet.height; ++row) {
    for (int column = 0; column < sheet.width; ++column) {
      const double cover = sheet.cover[static_cast<std::size_t>(row * sheet.width + column)];
      mass += cover;
      x += cover * (column + 0.5);
      y += cover * (row + 0.5);
    }
  }
  if (mass == 0.0) return {sheet.width / 2.0, sheet.height / 2.0};
  return {x / mass, y / mass};
}

}  // namespace hourglass
