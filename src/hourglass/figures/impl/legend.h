// The list of classes beside a map: mark, name, count. Not the names within the map: see labels.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// A legend fitted to the available room.
struct Legend {
  struct Entry {
    std::vector<std::string> name_lines;
    std::string count;
  };
  std::vector<Entry> entries;  // by label
  double column_width = 0.0;   // pixels from mark to the end of the count
  double width = 0.0;          // with the gap before it; 0: no legend
};

/// Lays out a legend of at most twenty classes beside a square; both together have `room` pixels of
/// width. Long names take two lines if the height allows it and are elided otherwise.
Legend lay_out_legend(Canvas& canvas, const std::vector<std::string>& class_names,
                      const std::vector<std::int64_t>& counts, double room);

/// `at` is the upper right corner of the square.
void draw_legend(Canvas& canvas, const Legend& legend, Point at);

}  // namespace hourglass
