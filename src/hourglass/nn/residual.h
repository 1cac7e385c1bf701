// A residual block: y = x + f(x), where f is two 3 x 3 convolutions of stride 1, each with
// GroupNorm and LeakyReLU (He, Zhang, Ren and Sun 2016, eq. 1, with the identity as the skip).
#pragma once

#include <string>

#include "hourglass/nn/stack.h"

namespace hourglass {

class Residual : public ImageLayer {
 public:
  /// Adds NAME.conv1, NAME.gn1, NAME.conv2 and NAME.gn2. Reads its input with a border, and writes
  /// its output with a border if requested.
  Residual(LayerPlan& plan, const std::string& name, Extent extent, float slope, bool bordered_out);

  std::int64_t scratch_count() const override { return block_.kept_count(); }
  std::int64_t room_count() const override { return block_.room_count(); }

  void prepare(float* derived, const float* parameters) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  Stack block_;
  std::vector<std::int32_t> in_offset_, out_offset_;  // [pixels], of one image
};

}  // namespace hourglass
