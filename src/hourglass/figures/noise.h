// Decoded latent vectors from several sources, and the norms of these vectors. Not a sampler.
#pragma once

#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Latent vectors of one source: some of them decoded, and the norms of many.
struct NoiseRow {
  std::string label;          // "latents from N(0, I)"; a no-break space keeps words on one line
  ConstView images;           // [k, height * width * channels], channels last, in [0, 1]
  std::vector<double> norms;  // any number; values that are not finite are left out
};

/// At most three rows of images; below them a histogram of each row's norms, scaled to its own
/// peak, and a sentence with the conclusion.
struct NoiseFigure {
  FigureText text;
  ImageShape shape;
  std::vector<NoiseRow> rows;
  std::string norm_label = "norm of the latent vector, each histogram scaled to its peak";
  std::string sentence;
};

double draw(Canvas& canvas, const NoiseFigure& figure);

}  // namespace hourglass
