// The bar beside a shaded map that says which shade means what. Not the list of classes: see
// legend.h.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

struct ColorBar {
  struct Tick {
    double place = 0.0;  // in [0, 1], from the bar's pale upper end to its dark lower one
    std::string text;
  };
  std::string title;  // "trustworthiness of each point", above the bar
  std::vector<Tick> ticks;
};

/// Pixels of width that a bar takes with the gap before it.
constexpr double kColorBarWidth = 250.0;

/// `at` is the upper right corner of what the bar stands beside, `room` the height there is.
void draw_color_bar(Canvas& canvas, const ColorBar& bar, Point at, double room);

}  // namespace hourglass
