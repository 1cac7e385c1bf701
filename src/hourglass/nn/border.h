// Layers without parameters at the two ends of a stack of convolutions: the first adds the border
// that a convolution reads and pads images to a size that can be halved; the last removes the
// padding.
#pragma once

#include "hourglass/nn/layer.h"

namespace hourglass {

/// Copies plain images of extent `from` into bordered ones of extent `to`, which is at least as
/// large: repeats the last row below and the last column on the right. If the sizes differ there is
/// no input gradient: only a network's first layer pads.
class Border : public ImageLayer {
 public:
  Border(LayerPlan& plan, Extent from, Extent to);

  bool learns() const override { return false; }

  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;
};

/// Crops plain images to the height and width of `to`. The removed pixels have no gradient, so they
/// do not affect the loss.
class Crop : public ImageLayer {
 public:
  Crop(LayerPlan& plan, Extent from, Extent to);

  bool learns() const override { return false; }

  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;
};

}  // namespace hourglass
