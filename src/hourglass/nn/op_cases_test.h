// The one table of the engine's operations: each case is a kernel or a layer at one size with
// random numbers. Used in three ways: op_table_test.cpp holds every kernel set against `ref` and
// every gradient against differences, bench/kernels.cpp takes times. Nothing is checked here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass {

using Arrays = std::vector<std::vector<float>>;

/// An operation bound to its sizes, with its buffers; run under whichever kernel set is selected.
class Op {
 public:
  virtual ~Op() = default;
  virtual void load(const Arrays& inputs) = 0;
  virtual void forward() = 0;
  virtual std::vector<double> output() const = 0;

  /// From the gradient of the output to those of the inputs; forward() comes before. Operations
  /// without keep these.
  virtual void load_gradient(const std::vector<float>& /*of_output*/) {}
  virtual void backward() {}
  /// One for each input, in its layout; empty for an input that has none. No arrays at all: there
  /// is no backward.
  virtual Arrays gradients() const { return {}; }
};

struct OpCase {
  using Make = std::function<std::unique_ptr<Op>()>;

  std::string name;
  Arrays inputs;
  std::int64_t operations;  // multiplications and additions of forward()
  Make make;
  Make make_plain;       // a layer: the layers it replaces, from ref.h; otherwise empty
  double tolerance;      // between two ways to compute it: max |a - b| / max |b|
  const char* why;       // what the tolerance leaves room for
  float step = 0.5f;     // of the differences; large where the operation is linear in each input
  bool is_real = false;  // a size that the reference autoencoder has: the ones worth timing
};

std::vector<OpCase> op_cases();

/// Its two parts.
std::vector<OpCase> kernel_cases();
std::vector<OpCase> layer_cases();

/// Uniform in [low, high), the same in every run.
std::vector<float> random_floats(std::int64_t n, std::uint64_t seed, double low = -1.0,
                                 double high = 1.0);

}  // namespace hourglass
