// Skeletons of the ten handwritten digits: paths of a pen without thickness. Not pixels: see
// strokes_raster.h.
#pragma once

#include <span>
#include <vector>

namespace hourglass {

/// A point on the writing sheet: x to the right, y downwards, the digit about 60 wide and 100 high.
struct SheetPoint {
  double x, y;
};

/// The points of one stroke. A repeated point is a corner; between corners the path is smooth.
using PenStroke = std::vector<SheetPoint>;

/// One way to write a digit.
using Skeleton = std::vector<PenStroke>;

/// The ways to write `digit` in 0 .. 9; common ways occur more than once.
std::span<const Skeleton> stroke_skeletons(int digit);

}  // namespace hourglass
