// Originals, reconstructions and their differences. Not a contact sheet: see sheet.h.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// One column per image: name, original, reconstruction, absolute difference, error. If the inputs
/// were corrupted: name, corrupted input, its reconstruction, original, difference, error. Usually
/// ten columns; those of wide images are in two bands.
struct ReconFigure {
  FigureText text;
  ImageShape shape;
  std::vector<std::string> names;  // [n], above the columns; may be empty
  ConstView originals;             // [n, height * width * channels], channels last, in [0, 1]
  ConstView reconstructions;       // the same
  ConstView corrupted;             // the same; empty if nothing was corrupted
  std::vector<double> errors;      // [n], below the columns; may be empty
  std::string error_name = "MSE";
  double difference_scale = 1.0;  // the difference drawn darkest; smaller: more contrast
};

double draw(Canvas& canvas, const ReconFigure& figure);

}  // namespace hourglass
