// A map: points in the plane, coloured by class or shaded by a value. Not a projection: see
// project/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/figures/color_bar.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The square region of the data that a map shows.
struct MapExtent {
  double low_x = -0.5;
  double low_y = -0.5;
  double span = 1.0;  // of both axes
};

/// A square around all finite points of [n, 2], with a small margin.
MapExtent extent_of(ConstView points);

/// A square with the same unit on both axes. Points are drawn in the given order: give them in a
/// random order from a seed, not class by class, so that no class covers another; of shaded points
/// give the important ones last. Points that are not finite are left out.
struct MapFigure {
  FigureText text;
  ConstView points;                      // [n, 2]
  std::vector<std::int64_t> labels;      // [n], each in [0, classes); empty: one colour, no legend
  std::vector<std::string> class_names;  // [classes], or none: colours without a legend; so have
                                         // more than 20, whose names are in the map alone
  std::vector<std::int64_t> counts;      // [classes], for the legend
  ConstView label_positions;             // [classes, 2], of the names; empty: no names
  std::vector<float> shades;        // [n] in [0, 1], drawn by shade_color instead of the classes'
                                    // colours; empty: none
  ColorBar bar;                     // the scale of the shades
  std::optional<MapExtent> extent;  // the region shown; nullopt: extent_of(points)
  std::string scores;               // a grey line below the square; may be empty
  std::string x_label;              // "PC 1 (23.1 % of variance)"; may be empty
  std::string y_label;
  bool ticks = true;   // false where the axes have no unit (UMAP)
  bool crisp = false;  // points without smooth edges or transparency, for films in few colours
};

double draw(Canvas& canvas, const MapFigure& figure);

/// The square alone, in this box: frame, points and names.
void draw_square(Canvas& canvas, const MapFigure& figure, const Box& box);

/// Maps side by side, for comparison: squares in rows, each with a bold title and a grey note
/// below. Each map is drawn by draw_square().
struct MapPanels {
  struct Panel {
    std::string title;
    std::string note;  // may take two lines
    MapFigure map;
  };
  FigureText text;
  std::vector<Panel> panels;
  int columns = 4;
};

double draw(Canvas& canvas, const MapPanels& figure);

}  // namespace hourglass
