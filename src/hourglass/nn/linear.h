// A fully connected layer, as torch.nn.Linear, between a plain vector and an image or the other way
// round.
#pragma once

#include <string>

#include "hourglass/nn/layer.h"

namespace hourglass {

/// PyTorch flattens an image by channel, row, column; the engine by row, column, channel. The layer
/// converts its weights when they are loaded or saved, never its activations.
///
/// The weights are large and used once per image, so a chunk reads them from an outer cache: they
/// are stored in panels of kPanel columns, each read sequentially. Their gradient is as large, so
/// lanes do not accumulate it by chunk: it is one product over all images of a slice, split into
/// pieces.
class Linear : public Layer {
 public:
  /// Either side is an image extent or, for n plain numbers, Extent{1, 1, n}. Rows are padded to
  /// kVectorFloats. Keeps its input and the gradient of its output in the plan's kept rows.
  Linear(LayerPlan& plan, const std::string& name, Extent in, Extent out);

  /// Floats of an input row and of an output row.
  std::int64_t in_columns() const { return padded(in_.count()); }
  std::int64_t out_columns() const { return padded(out_.count()); }
  /// The positions in kept rows of the input and of the output gradient. The caller writes both
  /// before backward_input() and add_deferred().
  Rows input(Rows kept) const { return {kept.data + input_, kept.stride}; }
  Rows out_gradient(Rows kept) const { return {kept.data + out_gradient_, kept.stride}; }

  void prepare(float* derived, const float* parameters) const override;

  /// For at most kSlice images.
  void forward(Rows out, ConstRows in, const float* parameters, std::int64_t images) const;
  void backward_input(Rows in_gradient, ConstRows out_gradient, const float* derived,
                      std::int64_t images) const;

  std::int64_t deferred_pieces() const override;
  void add_deferred(std::int64_t piece, float* parameter_gradients, ConstRows kept,
                    std::int64_t images) const override;

  /// From [N, in] to [N, out], both flattened as PyTorch does.
  std::string emit(GraphBuilder& graph, const std::string& x) const;

 private:
  std::string name_;
  Extent in_, out_;
  std::int64_t weight_, bias_;         // [panel of out_columns()][in][kPanel], [out_columns()]
  std::int64_t transposed_;            // [panel of in_columns()][out][kPanel]
  std::int64_t input_, out_gradient_;  // in a kept row
};

}  // namespace hourglass
