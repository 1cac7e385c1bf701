// Draws a polyline with a round pen. Not a general renderer: one colour, no fill.
#pragma once

#include <span>

namespace hourglass {

/// The position of the pen in pixels (pixel column c covers x in [c, c + 1), rows likewise), and
/// its radius there.
struct PenPoint {
  double x, y, radius;
};

/// The drawing: the ink cover of each pixel, in [0, 1].
struct InkSheet {
  std::span<double> cover;  // [height, width]
  int height;
  int width;
};

/// Draws the pen's way along `path` onto the sheet; each pixel keeps the larger cover, so crossing
/// strokes do not add up. The cover falls smoothly from 1 to 0 over `softness` > 0 pixels on each
/// side of the radius. Parts outside the sheet are clipped. A path of one point makes a dot.
void draw_pen_path(InkSheet sheet, std::span<const PenPoint> path, double softness);

/// The centre of mass of the ink in pixels; the middle of the sheet if there is no ink.
struct InkCentre {
  double x, y;
};
InkCentre ink_centre(const InkSheet& sheet);

}  // namespace hourglass
