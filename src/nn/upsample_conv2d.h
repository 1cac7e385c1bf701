// Nearest-neighbour doubling and a 3 x 3 convolution with padding 1, in one layer and without the
// doubled image.
//
// After doubling, a 3 x 3 convolution is four 2 x 2 convolutions on the small image, one for each
// output phase: per axis, phase 0 at i reads (i-1, i) with weights (w0, w1+w2), phase 1 reads (i,
// i+1) with (w0+w1, w2). That is 2.25 times fewer operations. Two classes, for many and for few
// output channels.
#pragma once

#include <array>
#include <string>

#include "nn/layer.h"

namespace hourglass {

/// For output channels of a multiple of kLanes.
class UpsampleConv2d {
 public:
  /// `normalised` as in Conv2d.
  UpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
                 bool normalised);

  Extent in() const { return in_; }
  Extent out() const { return out_; }

  void prepare(float* derived, const float* parameters) const;

  /// out [images, out pixels, out channels] from in [images, bordered in].
  void forward(float* out, const float* in, const float* parameters, const float* derived,
               std::int64_t images) const;
  /// out_gradient [images, bordered out].
  void backward_weights(float* gradients, const float* out_gradient, const float* in,
                        std::int64_t images) const;
  /// in_gradient [images, in pixels, in channels].
  void backward_input(float* in_gradient, const float* out_gradient, const float* derived,
                      std::int64_t images) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  struct Phase {
    std::vector<std::int32_t> in_offset;        // [chunk * in pixels], in the bordered input
    std::vector<std::int32_t> out_offset;       // in the output
    std::vector<std::int32_t> gradient_offset;  // in the bordered gradient of the output
  };
  std::int64_t phase_weights() const { return 4 * in_.channels * out_.channels; }

  Extent in_, out_;
  bool normalised_;
  std::int64_t weight_, bias_;  // [9, in channels, out channels], [out channels]
  std::int64_t phases_;         // derived: [4 phases, 2 x 2 taps, in channels, out channels]
  std::int64_t transposed_;     // derived: [4 x 4 taps, out channels, in channels]
  std::int64_t phase_gradient_, bias_gradient_;
  std::array<Phase, 4> phase_;
  std::vector<std::int32_t> tap_offset_, gather_offset_, gather_tap_offset_, in_offset_,
      bordered_out_offset_;
};

/// For a few output channels, as an image has: one dense product gives each small pixel's share in
/// the 16 taps it has in all phases, then each output adds its four shares.
class ThinUpsampleConv2d {
 public:
  ThinUpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in,
                     std::int64_t out_channels);

  Extent in() const { return in_; }
  Extent out() const { return out_; }
  /// Floats an image of forward's shares, bordered; the border has to be zero. backward needs as
  /// many.
  std::int64_t share_count() const { return in_.bordered().pixels() * share_columns(); }

  void prepare(float* derived, const float* parameters) const;

  /// out [images, out pixels, out channels] from in [images, in pixels, in channels].
  void forward(float* out, float* shares, const float* in, const float* parameters,
               const float* derived, std::int64_t images) const;
  /// Collects out_gradient [images, out pixels, out channels] by shares, and adds to the lane's
  /// gradients.
  void backward_weights(float* gradients, float* share_gradients, const float* out_gradient,
                        const float* in, std::int64_t images) const;
  /// After backward_weights: in_gradient [images, in pixels, in channels].
  void backward_input(float* in_gradient, const float* share_gradients, const float* derived,
                      std::int64_t images) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  std::int64_t share_columns() const { return 16 * out_.channels; }
  /// The gradients of the 16 shares of each small pixel of one image.
  void collect_shares(float* shares, const float* image) const;

  Extent in_, out_;
  std::int64_t weight_, bias_;  // [out channels, in channels, 9] as in PyTorch, [out channels]
  std::int64_t shares_;         // derived: [in channels, 16 * out channels]
  std::int64_t transposed_;     // derived: [16 * out channels, in channels]
  std::int64_t share_gradient_, bias_gradient_;
  std::vector<std::int32_t> in_offset_, share_offset_, share_gradient_offset_;
};

}  // namespace hourglass
