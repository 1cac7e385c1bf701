// The parameters of a model: one flat array in the engine's layout, and the name of each part.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// Reserves consecutive ranges of a flat float array, each a whole number of vectors long.
class Planner {
 public:
  /// Reserves `count` floats and returns their offset.
  std::int64_t add(std::int64_t count) {
    const std::int64_t offset = size_;
    size_ += padded(count);
    return offset;
  }
  std::int64_t size() const { return size_; }

 private:
  std::int64_t size_ = 0;
};

/// The distribution of a parameter's initial values.
struct Initialiser {
  enum class Kind { uniform, constant } kind;
  double value;  // bound of the uniform distribution, or the constant
};

/// One parameter under its PyTorch state-dict name.
struct Parameter {
  std::string name;
  Shape shape;  // PyTorch's
  Initialiser initialiser;
  std::vector<std::int32_t> engine_index;  // [shape.count()], of element i in PyTorch's order

  /// Copies this parameter from the engine's layout to PyTorch's order.
  void to_state(std::span<float> state, std::span<const float> engine) const;
};

/// The parameters of a model in state-dict order, added as layers are built.
class ParameterList {
 public:
  /// The indices take memory for each parameter; a list that only counts gives their number first.
  enum class Mode { indexed, counting };
  explicit ParameterList(Mode mode = Mode::indexed) : mode_(mode) {}

  /// Reserves `engine_count` floats and returns their offset; index_of(i) is the index in them of
  /// element i in PyTorch's order. The rest stays zero.
  template <typename Index>
  std::int64_t add(std::string name, Shape shape, Initialiser initialiser,
                   std::int64_t engine_count, const Index& index_of) {
    const std::int64_t offset = planner_.add(engine_count);
    state_count_ += shape.count();
    if (mode_ == Mode::counting) return offset;
    std::vector<std::int32_t> index(static_cast<std::size_t>(shape.count()));
    for (std::size_t i = 0; i < index.size(); ++i) {
      index[i] = static_cast<std::int32_t>(offset + index_of(static_cast<std::int64_t>(i)));
    }
    parameters_.push_back({std::move(name), shape, initialiser, std::move(index)});
    return offset;
  }

  const std::vector<Parameter>& parameters() const { return parameters_; }
  std::int64_t engine_count() const { return planner_.size(); }
  /// The number of floats of all parameters in PyTorch's order.
  std::int64_t state_count() const { return state_count_; }

  /// Converts from the engine's layout to PyTorch's, with the parameters concatenated; and back,
  /// with the padding set to zero.
  void to_state(std::span<float> state, std::span<const float> engine) const;
  void from_state(std::span<float> engine, std::span<const float> state) const;

  /// Draws initial values in state-dict order and PyTorch's element order.
  void initialise(std::span<float> engine, Rng& rng) const;

 private:
  Mode mode_;
  Planner planner_;
  std::int64_t state_count_ = 0;
  std::vector<Parameter> parameters_;
};

/// PyTorch's default for weights and biases of a layer whose outputs each have `fan_in` inputs:
/// uniform in +-1 / sqrt(fan_in).
Initialiser fan_in_uniform(std::int64_t fan_in);

}  // namespace hourglass
