// A 3 x 3 convolution with stride 1 or 2 and zero padding 1, as torch.nn.Conv2d(in, out, 3,
// stride=stride, padding=1).
#pragma once

#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

class Conv2d : public ImageLayer {
 public:
  /// The height and width of `in` are multiples of `stride`; the input has a border. With
  /// `normalised`, a GroupNorm with one channel per group follows and cancels the bias, whose
  /// gradient is exactly zero and is not computed. If the input channels are not a multiple of
  /// kVectorFloats, the stride is 2 and there is no input gradient.
  Conv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
         std::int64_t stride, bool normalised);

  /// The patches of an input with too few channels to be read in place.
  std::int64_t scratch_count() const override {
    return thin() ? out().extent.pixels() * 9 * in().extent.channels : 0;
  }

  void prepare(float* derived, const float* parameters) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  bool thin() const { return in().extent.channels % kVectorFloats != 0; }
  Gather patches_of(std::int64_t images) const;
  void copy_patches(float* patches, const float* in, std::int64_t images) const;

  /// Input pixels with the same parities of row and column use the same taps in their gradient;
  /// with stride 1 all pixels do.
  struct Parity {
    std::vector<std::int32_t> in_offset;   // [chunk * pixels]
    std::vector<std::int32_t> out_offset;  // [chunk * pixels], in the bordered gradient
    std::vector<std::int32_t> tap_offset;
    std::vector<std::int32_t> taps;  // indices among the nine
    std::int64_t derived;            // [taps, out channels, in channels]
  };

  std::string name_;
  std::int64_t stride_;
  bool normalised_;
  std::int64_t weight_, bias_;                    // in the parameters
  std::int64_t weight_gradient_, bias_gradient_;  // in the lane's gradients
  std::vector<std::int32_t> row_offset_, tap_offset_, out_offset_, gradient_offset_;
  std::vector<Parity> parities_;
};

}  // namespace hourglass
