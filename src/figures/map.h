// A map: points in the plane, coloured by class. Not a projection: see project/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "figures/canvas.h"
#include "tensor/tensor.h"

namespace hourglass {

/// A square with one unit for both axes, points drawn in the order given: give them in a seeded
/// random order, never class by class, so that no class covers another. Points that are not finite
/// are left out.
struct MapFigure {
  FigureText text;
  ConstView points;                      // [n, 2]
  std::vector<std::int64_t> labels;      // [n], each in [0, classes); empty: one colour, no legend
  std::vector<std::string> class_names;  // [classes]
  std::vector<std::int64_t> counts;      // [classes], for the legend
  ConstView label_positions;             // [classes, 2], where each name stands (the medoid)
  std::string x_label;                   // "PC 1 (23.1 % of variance)"; may be empty
  std::string y_label;
  bool ticks = true;  // false where the axes have no unit (UMAP)
};

double draw(Canvas& canvas, const MapFigure& figure);

}  // namespace hourglass
