// Originals, reconstructions and where they differ. Not a contact sheet: see sheet.h.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// One column per image: name, original, reconstruction, absolute difference, error. Ten columns
/// are usual; wide images take two bands of columns.
struct ReconFigure {
  FigureText text;
  ImageShape shape;
  std::vector<std::string> names;  // [n], above the columns; may be empty
  ConstView originals;             // [n, height * width * channels], channels last, in [0, 1]
  ConstView reconstructions;       // the same
  std::vector<double> errors;      // [n], beneath the columns; may be empty
  std::string error_name = "MSE";
  double difference_scale = 1.0;  // the difference drawn darkest; smaller shows fainter ones
};

double draw(Canvas& canvas, const ReconFigure& figure);

}  // namespace hourglass
