// A sequence of image layers, and the memory between them. Works on a part of at most kPart images
// at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/nn/layer.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

class Stack : public Layer {
 public:
  explicit Stack(LayerPlan& plan) : plan_(plan) {}

  /// Appends a layer, L(plan, arguments...), which reads the output of the layer before it.
  template <typename L, typename... Arguments>
  void add(Arguments&&... arguments) {
    append(std::make_unique<L>(plan_, std::forward<Arguments>(arguments)...));
  }

  const Form& in() const { return layers_.front()->in(); }
  const Form& out() const { return layers_.back()->out(); }
  const Form& out_gradient() const { return layers_.back()->out_gradient(); }
  const Form& in_gradient() const { return layers_.front()->in_gradient(); }

  /// Floats per image: activations and scratch that forward keeps for backward, and temporary
  /// memory of backward.
  std::int64_t kept_count() const { return kept_.size(); }
  std::int64_t room_count() const { return room_.size(); }
  /// Memory for kPart images each, for any number of images. Zero before first use: borders stay
  /// zero.
  struct Memory {
    float* kept;
    float* room;
  };

  /// n <= kPart images.
  void forward(Memory memory, Rows out, ConstRows in, const float* parameters, const float* derived,
               std::int64_t n) const;
  /// Runs after forward in the same memory. Adds to the lane's `gradients`; in_gradient.data is
  /// nullptr if it is not needed.
  void backward(Memory memory, Rows in_gradient, float* gradients, ConstRows out_gradient,
                ConstRows in, const float* parameters, const float* derived, std::int64_t n) const;

  void prepare(float* derived, const float* parameters) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, std::string x) const;

 private:
  /// The offsets of a layer's floats, in units of kPart images.
  struct Offsets {
    std::int64_t out = 0, scratch = 0;       // in `kept`; unused for the last layer's `out`
    std::int64_t in_gradient = 0, room = 0;  // in `room`; unused for the first in_gradient
    bool wants_gradient = false;             // whether its input needs a gradient
  };

  void append(std::unique_ptr<ImageLayer> layer);

  LayerPlan& plan_;
  std::vector<std::unique_ptr<ImageLayer>> layers_;
  std::vector<Offsets> offsets_;
  Planner kept_, room_;
};

/// The memory of a stack for several consecutive parts.
class StackBuffers {
 public:
  /// `parts` is the number of parts kept until backward.
  StackBuffers(const Stack& stack, std::int64_t parts);
  Stack::Memory memory(std::int64_t part) { return {kept_.row(part).data(), room_.data()}; }

 private:
  Tensor kept_;  // [parts, kPart * kept_count]
  Tensor room_;  // [kPart * room_count]
};

}  // namespace hourglass
