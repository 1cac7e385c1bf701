// The path from one image to another through the latent space. Not the interpolation itself: see
// generate/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// One path: k latent vectors between those of two images. All images are
/// [., height * width * channels], channels last, in [0, 1].
struct InterpPath {
  std::string title;           // "from 2 (test image 1) to 5 (test image 8)"
  ConstView ends;              // [2, ...] the two originals
  ConstView decoded;           // [k, ...]
  ConstView crossfade;         // [k, ...] (1 - alpha) a + alpha b of the pixels
  std::vector<double> alphas;  // [k], rising from 0 to 1
  // The curve below: the distance from the latent vector at each alpha to the nearest training
  // latent. It may have more points than there are images; empty: no curve.
  std::vector<double> curve_alphas;  // [m]
  std::vector<double> distances;     // [m]
};

/// Paths below each other. A path of wide images takes two lines.
struct InterpFigure {
  FigureText text;
  ImageShape shape;
  std::vector<InterpPath> paths;
  std::optional<double> usual_distance;  // a dashed line to compare the curve with
  std::string usual_label = "median of the test latents";
};

double draw(Canvas& canvas, const InterpFigure& figure);

}  // namespace hourglass
