// A fully connected layer, as torch.nn.Linear, between a plain vector and an image or the other way
// round.
#pragma once

#include <string>

#include "nn/layer.h"

namespace hourglass {

/// PyTorch flattens an image by channel, row, column; here it lies by row, column, channel. The
/// layer converts its weights at the door, never its activations.
class Linear {
 public:
  /// Either side is an image extent or, for n plain numbers, Extent{1, 1, n}. Rows are padded to
  /// kLanes.
  Linear(LayerPlan& plan, const std::string& name, Extent in, Extent out);

  std::int64_t in_columns() const {
    return padded(in_.count());
  }  ///< Floats from one input row to the next.
  std::int64_t out_columns() const {
    return padded(out_.count());
  }  ///< And from one output row to the next.

  void prepare(float* derived, const float* parameters) const;

  /// out [images, out_columns()] from in [images, in_columns()].
  void forward(float* out, const float* in, const float* parameters, std::int64_t images) const;
  void backward_weights(float* gradients, const float* out_gradient, const float* in,
                        std::int64_t images) const;
  void backward_input(float* in_gradient, const float* out_gradient, const float* derived,
                      std::int64_t images) const;
  void fold(float* parameter_gradients, const float* gradients) const;

 private:
  Extent in_, out_;
  std::int64_t weight_, bias_;  // [in, out_columns()], [out_columns()]
  std::int64_t weight_gradient_, bias_gradient_;
  std::int64_t transposed_;  // [out, in_columns()]
  std::vector<std::int32_t> in_offset_, out_offset_;
};

}  // namespace hourglass
