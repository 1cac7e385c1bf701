// Ink from a round pen that moves along a polyline. Not a general painter: one colour, no fill.
#pragma once

#include <span>

namespace hourglass {

/// Where the pen is, in pixels (pixel column c covers x in [c, c + 1), rows likewise), and half of
/// its width there.
struct PenPoint {
  double x, y, radius;
};

/// What is drawn on: how much of each pixel is inked, in [0, 1].
struct InkSheet {
  std::span<double> cover;  // [height, width]
  int height;
  int width;
};

/// Draws the pen's way through `path` over what is on the sheet, keeping the larger cover: crossing
/// strokes do not add up. The edge falls smoothly from 1 to 0 over `softness` > 0 pixels on each
/// side of the radius. What lies outside the sheet is cut off. A path of one point makes a dot.
void draw_pen_path(InkSheet sheet, std::span<const PenPoint> path, double softness);

/// The centre of mass of the ink in pixels; the sheet's middle where there is no ink.
struct InkCentre {
  double x, y;
};
InkCentre ink_centre(const InkSheet& sheet);

}  // namespace hourglass
