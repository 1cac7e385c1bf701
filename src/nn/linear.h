// A fully connected layer, as torch.nn.Linear, between a plain vector and an image or the other way
// round.
#pragma once

#include <string>

#include "nn/layer.h"

namespace hourglass {

/// Rows of floats at equal distances: row i begins at data + i * stride.
struct Rows {
  float* data;
  std::int64_t stride;
};
struct ConstRows {
  const float* data;
  std::int64_t stride;
  ConstRows(const float* first, std::int64_t distance) : data(first), stride(distance) {}
  ConstRows(const Rows& rows) : data(rows.data), stride(rows.stride) {}
};

/// PyTorch flattens an image by channel, row, column; here it lies by row, column, channel. The
/// layer converts its weights at the door, never its activations.
///
/// Its weights are many and meet each image once, so a chunk reads them from a far cache: they lie
/// in panels of kPanel columns, each read from front to end. Their gradient is no smaller: a lane
/// does not add it up chunk by chunk; it is one product over all images of a slice, dealt out in
/// pieces.
class Linear {
 public:
  /// Either side is an image extent or, for n plain numbers, Extent{1, 1, n}. Rows are padded to
  /// kLanes.
  Linear(LayerPlan& plan, const std::string& name, Extent in, Extent out);

  /// Floats of an input row and of an output row.
  std::int64_t in_columns() const { return padded(in_.count()); }
  std::int64_t out_columns() const { return padded(out_.count()); }

  void prepare(float* derived, const float* parameters) const;

  /// For at most kSlice images.
  void forward(Rows out, ConstRows in, const float* parameters, std::int64_t images) const;
  void backward_input(Rows in_gradient, ConstRows out_gradient, const float* derived,
                      std::int64_t images) const;

  /// The gradients of weights and bias, in pieces that write apart from each other: adds those of
  /// at most kSlice images to the parameters' gradients.
  std::int64_t weight_pieces() const;
  void backward_weights(std::int64_t piece, float* parameter_gradients, ConstRows out_gradient,
                        ConstRows in, std::int64_t images) const;

 private:
  Extent in_, out_;
  std::int64_t weight_, bias_;  // [panel of out_columns()][in][kPanel], [out_columns()]
  std::int64_t transposed_;     // [panel of in_columns()][out][kPanel]
};

}  // namespace hourglass
