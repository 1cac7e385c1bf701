// Image layers that follow one another, and where the floats between them lie. Works on a part of
// at most kPart images at a time.
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

  /// Appends a layer, L(plan, arguments...); it reads what the one before it writes, and the other
  /// way round on the way back.
  template <typename L, typename... Arguments>
  void add(Arguments&&... arguments) {
    append(std::make_unique<L>(plan_, std::forward<Arguments>(arguments)...));
  }

  const Form& in() const { return layers_.front()->in(); }
  const Form& out() const { return layers_.back()->out(); }
  const Form& out_gradient() const { return layers_.back()->out_gradient(); }
  const Form& in_gradient() const { return layers_.front()->in_gradient(); }

  /// Floats an image: activations and scratch that forward leaves for backward, and what backward
  /// needs beside them.
  std::int64_t kept_count() const { return kept_.size(); }
  std::int64_t room_count() const { return room_.size(); }
  /// Room for kPart images each, whatever their number; zero before first use, as borders stay so.
  struct Memory {
    float* kept;
    float* room;
  };

  /// n <= kPart images.
  void forward(Memory memory, Rows out, ConstRows in, const float* parameters, const float* derived,
               std::int64_t n) const;
  /// After forward in the same memory. Adds to the lane's `gradients`; in_gradient.data is nullptr
  /// where nobody asks for it.
  void backward(Memory memory, Rows in_gradient, float* gradients, ConstRows out_gradient,
                ConstRows in, const float* parameters, const float* derived, std::int64_t n) const;

  void prepare(float* derived, const float* parameters) const override;
  void fold(float* parameter_gradients, const float* gradients) const override;
  std::string emit(GraphBuilder& graph, std::string x) const;

 private:
  /// Where a layer's floats lie, in units of kPart images.
  struct Place {
    std::int64_t out = 0, scratch = 0;       // of what is kept; the last layer's `out` is not
    std::int64_t in_gradient = 0, room = 0;  // of the room; the first's in_gradient is not
    bool wants_gradient = false;             // by its input: some layer before it learns
  };

  void append(std::unique_ptr<ImageLayer> layer);

  LayerPlan& plan_;
  std::vector<std::unique_ptr<ImageLayer>> layers_;
  std::vector<Place> places_;
  Planner kept_, room_;
};

/// The memory of a stack for several parts, one behind the other.
class StackBuffers {
 public:
  /// Parts that are kept until backward.
  StackBuffers(const Stack& stack, std::int64_t parts);
  Stack::Memory memory(std::int64_t part) { return {kept_.row(part).data(), room_.data()}; }

 private:
  Tensor kept_;  // [parts, kPart * kept_count]
  Tensor room_;  // [kPart * room_count]
};

}  // namespace hourglass
