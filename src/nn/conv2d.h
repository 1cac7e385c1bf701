// A 3 x 3 convolution with stride 2 and zero padding 1, as torch.nn.Conv2d(in, out, 3, stride=2,
// padding=1).
#pragma once

#include <string>

#include "nn/layer.h"

namespace hourglass {

class Conv2d {
 public:
  /// `in` has even height and width. With `normalised` a GroupNorm of one channel a group follows,
  /// which cancels the bias: its gradient is exactly zero and is not computed.
  Conv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
         bool normalised);

  Extent in() const { return in_; }
  Extent out() const { return out_; }
  /// Floats an image that `patches` needs: 0 where the input is wide enough to be read where it
  /// lies.
  std::int64_t patch_count() const { return thin() ? out_.pixels() * 9 * in_.channels : 0; }

  void prepare(float* derived, const float* parameters) const;

  /// out [images, out pixels, out channels] from in [images, bordered in].
  void forward(float* out, const float* in, float* patches, const float* parameters,
               std::int64_t images) const;
  /// Adds to the lane's gradients. out_gradient [images, bordered out]; `in` and `patches` as
  /// forward left them.
  void backward_weights(float* gradients, const float* out_gradient, const float* in,
                        const float* patches, std::int64_t images) const;
  /// in_gradient [images, in pixels, in channels]; for inputs of a multiple of kLanes channels.
  void backward_input(float* in_gradient, const float* out_gradient, const float* derived,
                      std::int64_t images) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  bool thin() const { return in_.channels % kLanes != 0; }
  Gather patches_of(std::int64_t images) const;

  /// The pixels of one parity of row and column get their gradient through the same taps.
  struct Parity {
    std::vector<std::int32_t> in_offset;   // [chunk * pixels]
    std::vector<std::int32_t> out_offset;  // [chunk * pixels], in the bordered gradient
    std::vector<std::int32_t> tap_offset;
    std::vector<std::int32_t> taps;  // which of the nine
    std::int64_t derived;            // [taps, out channels, in channels]
  };

  Extent in_, out_;
  bool normalised_;
  std::int64_t weight_, bias_;                    // in the parameters
  std::int64_t weight_gradient_, bias_gradient_;  // in the lane's gradients
  std::vector<std::int32_t> row_offset_, tap_offset_, out_offset_, gradient_offset_;
  std::vector<Parity> parities_;
};

}  // namespace hourglass
