// A contact sheet: only images, in reading order. Not a comparison: see recon.h.
#pragma once

#include "hourglass/figures/canvas.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Title, caption and stamp may all be empty.
struct SheetFigure {
  FigureText text;
  ImageShape shape;
  ConstView images;  // [n, height * width * channels], channels last, in [0, 1]
};

/// The number of columns follows from n and the image shape: few images are enlarged, many are
/// drawn at their own size, and large ones are shrunk until a row holds 20. render_figure throws
/// Error if the page would be too tall: about 50,000 images of 28 x 28 fit.
double draw(Canvas& canvas, const SheetFigure& figure);

}  // namespace hourglass
