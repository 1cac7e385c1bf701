// A rectangle with two axes, for curves. Not a map: maps are square and have one unit, see map.h.
#pragma once

#include <optional>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// The values an axis shows.
struct Scale {
  double low = 0.0;
  double high = 1.0;
  bool logarithmic = false;

  double share(double value) const;  ///< 0 at low, 1 at high.
  std::vector<double> ticks(int most) const;
};

struct Plot {
  Box box;
  Scale x;
  Scale y;

  Point position(double x_value, double y_value) const;
  /// The points of a curve in connected pieces. Values that are not finite, or not positive on a
  /// logarithmic axis, are left out and end a piece.
  std::vector<std::vector<Point>> pieces(const std::vector<double>& xs,
                                         const std::vector<double>& ys) const;
};

/// Pale horizontal lines, with their numbers at the left of the box. The lowest `kept_free` pixels
/// stay free.
void draw_y_axis(Canvas& canvas, const Plot& plot, int most_ticks = 5, double kept_free = 0.0);

/// The lower edge with numbers below it; returns the y at which they end.
double draw_x_axis(Canvas& canvas, const Plot& plot, int most_ticks = 8,
                   bool whole_numbers = false);

}  // namespace hourglass
