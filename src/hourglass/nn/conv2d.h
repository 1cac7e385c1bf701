// A 3 x 3 convolution with stride 1 or 2 and zero padding 1, as torch.nn.Conv2d(in, out, 3,
// stride=stride, padding=1).
#pragma once

#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

class Conv2d : public ImageLayer {
 public:
  /// `in` has height and width of a multiple of `stride`; the input is read with a border. With
  /// `normalised` a GroupNorm of one channel a group follows, which cancels the bias: its gradient
  /// is exactly zero and is not computed. Inputs of other than a multiple of kLanes channels have
  /// no gradient, and stride 2.
  Conv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
         std::int64_t stride, bool normalised);

  /// The patches of an input too thin to be read where it lies.
  std::int64_t scratch_count() const override {
    return thin() ? out().extent.pixels() * 9 * in().extent.channels : 0;
  }

  void prepare(float* derived, const float* parameters) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  bool thin() const { return in().extent.channels % kLanes != 0; }
  Gather patches_of(std::int64_t images) const;
  void copy_patches(float* patches, const float* in, std::int64_t images) const;

  /// The pixels of one parity of row and column get their gradient through the same taps; with
  /// stride 1 all pixels do.
  struct Parity {
    std::vector<std::int32_t> in_offset;   // [chunk * pixels]
    std::vector<std::int32_t> out_offset;  // [chunk * pixels], in the bordered gradient
    std::vector<std::int32_t> tap_offset;
    std::vector<std::int32_t> taps;  // which of the nine
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
