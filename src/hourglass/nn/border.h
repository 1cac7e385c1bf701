// Layers without parameters at the two ends of a stack of convolutions: images get the border that
// a convolution reads, and are padded to a size that it can halve; what was padded is cut away.
#pragma once

#include "hourglass/nn/layer.h"

namespace hourglass {

/// Copies plain images of extent `from` into bordered ones of extent `to`, which is as large or
/// larger: repeats the last row below and the last column on the right. The gradient of what was
/// repeated is not asked for where the sizes differ: only a network's first layer pads.
class Border : public ImageLayer {
 public:
  Border(LayerPlan& plan, Extent from, Extent to);

  bool learns() const override { return false; }

  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;
};

/// Cuts plain images down to height and width of `to`: what lies below and on the right of it has
/// no gradient, so it counts for nothing in a loss.
class Crop : public ImageLayer {
 public:
  Crop(LayerPlan& plan, Extent from, Extent to);

  bool learns() const override { return false; }

  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;
};

}  // namespace hourglass
