// The layers of a model, and the operations on all of them. Not the order in which images go
// through them: see stack.h and the models.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/nn/layer.h"

namespace hourglass {

class Network {
 public:
  /// Either only counts parameters, or also plans their offsets.
  explicit Network(ParameterList::Mode mode = ParameterList::Mode::indexed)
      : plan_{kPart, ParameterList(mode), {}, {}, {}} {}

  /// Adds a layer, L(plan, arguments...), in the order of the state dict.
  template <typename L, typename... Arguments>
  L& add(Arguments&&... arguments) {
    auto layer = std::make_unique<L>(plan_, std::forward<Arguments>(arguments)...);
    L& result = *layer;
    layers_.push_back(std::move(layer));
    return result;
  }
  Network(const Network&) = delete;  // stacks know the plan by reference
  Network& operator=(const Network&) = delete;

  LayerPlan& plan() { return plan_; }
  const LayerPlan& plan() const { return plan_; }

  void prepare(float* derived, const float* parameters) const;
  void fold(float* parameter_gradients, const float* gradients) const;
  std::int64_t deferred_pieces() const;
  void add_deferred(std::int64_t piece, float* parameter_gradients, ConstRows kept,
                    std::int64_t images) const;

 private:
  LayerPlan plan_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace hourglass
