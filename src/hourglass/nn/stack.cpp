#include "hourglass/nn/stack.h"

#include <algorithm>
#include <cassert>

namespace hourglass {

void Stack::append(std::unique_ptr<ImageLayer> layer) {
  Offsets offsets;
  if (!layers_.empty()) {
    const ImageLayer& before = *layers_.back();
    assert(before.out() == layer->in() && before.out_gradient() == layer->in_gradient());
    offsets_.back().out = kept_.add(before.out().count());
    offsets.wants_gradient = offsets_.back().wants_gradient || before.learns();
    offsets.in_gradient = room_.add(layer->in_gradient().count());
  }
  offsets.scratch = kept_.add(layer->scratch_count());
  offsets.room = room_.add(layer->room_count());
  offsets_.push_back(offsets);
  layers_.push_back(std::move(layer));
}

void Stack::forward(Memory memory, Rows out, ConstRows in, const float* parameters,
                    const float* derived, std::int64_t n) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const ImageLayer& layer = *layers_[i];
    const bool last = i + 1 == layers_.size();
    const Rows to = last ? out : Rows{memory.kept + offsets_[i].out * kPart, layer.out().count()};
    layer.forward({to, in, memory.kept + offsets_[i].scratch * kPart, parameters, derived, n});
    in = to;
  }
}

void Stack::backward(Memory memory, Rows in_gradient, float* gradients, ConstRows out_gradient,
                     ConstRows in, const float* parameters, const float* derived,
                     std::int64_t n) const {
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const ImageLayer& layer = *layers_[i];
    const bool asked = i == 0 ? in_gradient.data != nullptr
                              : offsets_[i].wants_gradient || in_gradient.data != nullptr;
    const ConstRows from =
        i == 0 ? in : ConstRows{memory.kept + offsets_[i - 1].out * kPart, layer.in().count()};
    Rows to{nullptr, layer.in_gradient().count()};
    if (asked)
      to = i == 0 ? in_gradient : Rows{memory.room + offsets_[i].in_gradient * kPart, to.stride};
    if (asked || layer.learns()) {
      layer.backward({to, gradients, out_gradient, from, memory.kept + offsets_[i].scratch * kPart,
                      memory.room + offsets_[i].room * kPart, parameters, derived, n});
    }
    if (!asked) return;
    out_gradient = to;
  }
}

void Stack::prepare(float* derived, const float* parameters) const {
  for (const auto& layer : layers_) layer->prepare(derived, parameters);
}

void Stack::fold(float* parameter_gradients, const float* gradients) const {
  for (const auto& layer : layers_) layer->fold(parameter_gradients, gradients);
}

std::string Stack::emit(GraphBuilder& graph, std::string x) const {
  for (const auto& layer : layers_) x = layer->emit(graph, x);
  return x;
}

StackBuffers::StackBuffers(const Stack& stack, std::int64_t parts)
    : kept_({parts, kPart * stack.kept_count()}), room_({kPart * stack.room_count()}) {}

}  // namespace hourglass
