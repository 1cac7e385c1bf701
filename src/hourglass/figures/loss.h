// The error over the epochs of a training run. Not a log reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// Curves over epochs on a logarithmic axis, each with its name at the end. Values that are not
/// finite and positive are left out.
struct LossFigure {
  FigureText text;
  std::vector<double> epochs;       // [n], rising
  std::vector<double> train;        // [n]
  std::vector<double> test;         // [n]
  std::vector<double> validation;   // [n], or empty where there is none
  std::optional<double> pca;        // the error of linear PCA of the same size
  std::string pca_label = "PCA";    // "PCA, 32 components"
  std::optional<std::size_t> best;  // index of the best epoch: on the validation curve if
                                    // there is one, otherwise on the test curve
  std::string y_label = "mean squared error";
};

double draw(Canvas& canvas, const LossFigure& figure);

}  // namespace hourglass
