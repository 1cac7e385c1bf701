// Nearest-neighbour doubling and a 3 x 3 convolution with padding 1 in one layer, without the
// doubled image.
//
// After doubling, a 3 x 3 convolution is four 2 x 2 convolutions on the small image, one for each
// output phase: per axis, phase 0 at i reads (i-1, i) with weights (w0, w1+w2), phase 1 reads (i,
// i+1) with (w0+w1, w2). This needs 2.25 times fewer operations. Two classes: for many and for
// few output channels.
#pragma once

#include <array>
#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

/// For a number of output channels that is a multiple of kVectorFloats. The input has a border.
class UpsampleConv2d : public ImageLayer {
 public:
  /// `normalised` as in Conv2d.
  UpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in, std::int64_t out_channels,
                 bool normalised);

  void prepare(float* derived, const float* parameters) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  struct Phase {
    std::vector<std::int32_t> in_offset;        // [chunk * in pixels], in the bordered input
    std::vector<std::int32_t> out_offset;       // in the output
    std::vector<std::int32_t> gradient_offset;  // in the bordered gradient of the output
  };
  std::int64_t phase_weights() const { return 4 * in().extent.channels * out().extent.channels; }
  Gather taps_of(const Phase& phase, std::int64_t images) const;

  std::string name_;
  bool normalised_;
  std::int64_t weight_, bias_;  // [9, in channels, out channels], [out channels]
  std::int64_t phases_;         // derived: [4 phases, 2 x 2 taps, in channels, out channels]
  std::int64_t transposed_;     // derived: [4 x 4 taps, out channels, in channels]
  std::int64_t phase_gradient_, bias_gradient_;
  std::array<Phase, 4> phase_;
  std::vector<std::int32_t> tap_offset_, gather_offset_, gather_tap_offset_, in_offset_,
      bordered_out_offset_;
};

/// For few output channels, such as those of an image: one dense product computes each small
/// pixel's 16 shares (one for each tap of each phase), then each output adds its four shares.
class ThinUpsampleConv2d : public ImageLayer {
 public:
  ThinUpsampleConv2d(LayerPlan& plan, const std::string& name, Extent in,
                     std::int64_t out_channels);

  /// The shares, with a border.
  std::int64_t scratch_count() const override {
    return in().extent.bordered().pixels() * share_columns();
  }
  /// Their gradients, without a border.
  std::int64_t room_count() const override { return in().extent.pixels() * share_columns(); }

  void prepare(float* derived, const float* parameters) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, const std::string& x) const override;

 private:
  std::int64_t share_columns() const { return 16 * out().extent.channels; }
  /// Adds each output's four shares.
  void add_shares(float* out, const float* shares, const float* bias, std::int64_t images) const;
  /// The gradients of the 16 shares of each small pixel of one image.
  void collect_shares(float* shares, const float* image) const;

  std::string name_;
  std::int64_t weight_, bias_;  // [out channels, in channels, 9] as in PyTorch, [out channels]
  std::int64_t shares_;         // derived: [in channels, 16 * out channels]
  std::int64_t transposed_;     // derived: [16 * out channels, in channels]
  std::int64_t share_gradient_, bias_gradient_;
  std::vector<std::int32_t> in_offset_, share_offset_, share_gradient_offset_;
};

}  // namespace hourglass
