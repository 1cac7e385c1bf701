// The colour scale beside a shaded map. Not the list of classes: see legend.h.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

struct ColorBar {
  struct Tick {
    double position = 0.0;  // in [0, 1], from the pale upper end to the dark lower end
    std::string text;
  };
  std::string title;  // "trustworthiness of each point", above the bar
  std::vector<Tick> ticks;
};

/// Width of a bar with the gap before it, in pixels.
constexpr double kColorBarWidth = 250.0;

/// `at` is the upper right corner of the map, `room` the available height.
void draw_color_bar(Canvas& canvas, const ColorBar& bar, Point at, double room);

}  // namespace hourglass
