// The base classes of all layers, and the plan they are built from. A layer knows its shapes and
// offsets; it owns no floats.
//
// Images are stored channels last. `forward` and `backward` take the number of images, at most the
// plan's `chunk`; each image's result is independent of the others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hourglass/nn/parameters.h"

namespace hourglass {

class GraphBuilder;

/// The number of images that go through a convolution together: their activations and its weights
/// fit a core's own cache.
inline constexpr std::int64_t kPart = 4;

/// The number of images whose gradients of a linear layer's weights are computed together.
inline constexpr std::int64_t kSlice = 128;

/// The flat arrays of all layers; each layer gets its offsets when the model is built.
struct LayerPlan {
  std::int64_t chunk;        // most images at a time
  ParameterList parameters;  // counts only, or with indices: see ParameterList
  Planner derived;           // computed by prepare() from the parameters, once a step
  Planner gradients;         // accumulated by a lane; fold() converts it to parameter gradients
  Planner kept;              // per image, needed after its chunk is done
};

/// Reserves the weights of a 3 x 3 convolution, PyTorch's [out, in, 3, 3], as [9, in, out]. Returns
/// their offset.
std::int64_t add_conv_weight(LayerPlan& plan, const std::string& name, std::int64_t in_channels,
                             std::int64_t out_channels);

/// Height, width and channels of an activation.
struct Extent {
  std::int64_t height, width, channels;
  std::int64_t pixels() const { return height * width; }
  std::int64_t count() const { return pixels() * channels; }
  /// The extent with a border of one zero pixel on each side, for convolutions.
  Extent bordered() const { return {height + 2, width + 2, channels}; }
  bool operator==(const Extent&) const = default;
};

/// An extent, stored with or without a border of zeros.
struct Form {
  Extent extent;
  bool bordered = false;
  std::int64_t count() const { return bordered ? extent.bordered().count() : extent.count(); }
  bool operator==(const Form&) const = default;
};

/// Rows of floats at equal distances: row i begins at data + i * stride.
struct Rows {
  float* data;
  std::int64_t stride;
  float* row(std::int64_t i) const { return data + i * stride; }
};
struct ConstRows {
  const float* data;
  std::int64_t stride;
  ConstRows(const float* first, std::int64_t distance) : data(first), stride(distance) {}
  ConstRows(const Rows& rows) : data(rows.data), stride(rows.stride) {}
  const float* row(std::int64_t i) const { return data + i * stride; }
};

/// Offsets of every `step`-th pixel of `count` images, image by image, in rows: pixel (y, x) is at
/// (y * step + top, x * step + left) of an image of extent `in`.
std::vector<std::int32_t> pixel_offsets(std::int64_t images, std::int64_t height,
                                        std::int64_t width, const Extent& in, std::int64_t step,
                                        std::int64_t top, std::int64_t left);

/// The same for every pixel of an extent stored with a border.
std::vector<std::int32_t> bordered_offsets(std::int64_t images, const Extent& inner);

/// The same without a border.
std::vector<std::int32_t> plain_offsets(std::int64_t images, const Extent& extent);

/// The part of every layer that concerns its parameters. See ImageLayer for images, and Linear for
/// the layer with deferred gradients.
class Layer {
 public:
  virtual ~Layer() = default;

  /// Computes `derived` from the parameters, once a step.
  virtual void prepare(float* /*derived*/, const float* /*parameters*/) const {}
  /// Converts the gradients accumulated by lanes to the gradient of this layer's parameters.
  virtual void fold(float* /*parameter_gradients*/, const float* /*gradients*/) const {}

  /// Gradients of large weights are computed after a slice of images, from the kept rows, in
  /// independent pieces. add_deferred() adds to the gradients of parameters that fold() does not
  /// write; `images` is at most kSlice.
  virtual std::int64_t deferred_pieces() const { return 0; }
  virtual void add_deferred(std::int64_t /*piece*/, float* /*parameter_gradients*/,
                            ConstRows /*kept*/, std::int64_t /*images*/) const {}
};

/// The arguments of a layer's forward pass.
struct ForwardPass {
  Rows out;                 // [images], in the layer's out form
  ConstRows in;             // [images], in its in form
  float* scratch;           // [images, scratch_count()]: kept for backward
  const float* parameters;  // of the model
  const float* derived;
  std::int64_t images;
};

/// The arguments of its backward pass. `in` and `scratch` are those of forward for the same images.
struct BackwardPass {
  Rows in_gradient;        // [images], in the in_gradient form; data is nullptr if not needed
  float* gradients;        // the lane's: added to
  ConstRows out_gradient;  // [images], in the out_gradient form
  ConstRows in;
  float* scratch;
  float* room;  // [images, room_count()]
  const float* parameters;
  const float* derived;
  std::int64_t images;
};

/// A layer from images to images. It never writes the border of its output, which stays zero.
class ImageLayer : public Layer {
 public:
  const Form& in() const { return forms_.in; }
  const Form& out() const { return forms_.out; }
  const Form& out_gradient() const { return forms_.out_gradient; }
  const Form& in_gradient() const { return forms_.in_gradient; }
  /// Whether it has parameters.
  virtual bool learns() const { return true; }
  /// Floats per image: kept by forward for backward, and temporary in backward. The caller provides
  /// each for kPart images, zero before first use.
  virtual std::int64_t scratch_count() const { return 0; }
  virtual std::int64_t room_count() const { return 0; }

  virtual void forward(const ForwardPass& pass) const = 0;
  virtual void backward(const BackwardPass& pass) const = 0;

  /// Adds the layer to a graph of another program's operators. Returns the name of its output.
  virtual std::string emit(GraphBuilder& graph, const std::string& x) const = 0;

 protected:
  struct Forms {
    Form in, out, out_gradient, in_gradient;
  };
  explicit ImageLayer(const Forms& forms) : forms_(forms) {}

 private:
  Forms forms_;
};

}  // namespace hourglass
