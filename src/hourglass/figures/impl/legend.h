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
    std::int64_t label = 0;  // -1 for a line without a mark
    std::vector<std::string> name_lines;
    std::string count;
  };
  std::vector<std::vector<Entry>> columns;
  double text_size = 9.0;     // in points
  double column_width = 0.0;  // pixels from mark to the end of the count
  double width = 0.0;         // of all columns with the gaps before them; 0: no legend
};

/// Lays out a legend beside a square; both together have `room` pixels of width. Long names take
/// two lines if the height allows it and are elided otherwise. Many classes get smaller letters,
/// then a second column; the classes that still do not fit are counted in a last line "and 12
/// more".
Legend lay_out_legend(Canvas& canvas, const std::vector<std::string>& class_names,
                      const std::vector<std::int64_t>& counts, double room);

/// `at` is the upper right corner of the square.
void draw_legend(Canvas& canvas, const Legend& legend, Point at);

}  // namespace hourglass
