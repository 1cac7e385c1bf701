// How the error fell during training. Not a log reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// Curves over epochs on a logarithmic axis, each named at its end. Values that are not finite and
/// positive are left out.
struct LossFigure {
  FigureText text;
  std::vector<double> epochs;       // [n], rising
  std::vector<double> train;        // [n]
  std::vector<double> test;         // [n]
  std::vector<double> validation;   // [n], or empty where there is none
  std::optional<double> pca;        // the error of linear PCA of the same size
  std::string pca_label = "PCA";    // "PCA, 32 numbers"
  std::optional<std::size_t> best;  // which of the epochs was best: on the validation curve if
                                    // there is one, otherwise on the test curve
  std::string y_label = "mean squared error";
};

double draw(Canvas& canvas, const LossFigure& figure);

}  // namespace hourglass
