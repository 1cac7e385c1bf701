// What the decoder makes of codes from several sources, and how long those codes are. Not a
// sampler.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Codes of one source: some of them decoded, and the lengths of many.
struct NoiseRow {
  std::string label;          // "codes from N(0, I)"; a no-break space keeps words on one line
  ConstView images;           // [k, height * width * channels], channels last, in [0, 1]
  std::vector<double> norms;  // any number; those that are not finite are left out
};

/// Rows of images, beneath them the histograms of their norms, each scaled to its own peak, and a
/// sentence that says what to conclude. At most three rows.
struct NoiseFigure {
  FigureText text;
  ImageShape shape;
  std::vector<NoiseRow> rows;
  std::string norm_label = "length of the code, each histogram scaled to its peak";
  std::string sentence;
};

double draw(Canvas& canvas, const NoiseFigure& figure);

}  // namespace hourglass
