// A contact sheet: images in reading order, nothing else. Not a comparison: see recon.h.
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

/// Columns follow from n and the shape: few images are drawn large, many at their own size, and
/// large ones smaller until 20 stand beside one another. render_figure throws Error where the page
/// would be too tall: some 50,000 images of 28 x 28 fit.
double draw(Canvas& canvas, const SheetFigure& figure);

}  // namespace hourglass
