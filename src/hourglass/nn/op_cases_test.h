// The table of the engine's operations: each case is a kernel or a layer at one size with random
// numbers. op_table_test.cpp compares every kernel set with `ref` and every gradient with finite
// differences; bench/kernels.cpp measures times. Nothing is checked here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass {

using Arrays = std::vector<std::vector<float>>;

/// An operation of fixed sizes with its buffers; uses the selected kernel set.
class Op {
 public:
  virtual ~Op() = default;
  virtual void load(const Arrays& inputs) = 0;
  virtual void forward() = 0;
  virtual std::vector<double> output() const = 0;

  /// Computes the gradients of the inputs from that of the output, after forward(). Operations
  /// without a backward keep this default.
  virtual void load_gradient(const std::vector<float>& /*of_output*/) {}
  virtual void backward() {}
  /// One array for each input, in its layout; empty for an input without gradient. No arrays: the
  /// operation has no backward.
  virtual Arrays gradients() const { return {}; }
};

struct OpCase {
  using Make = std::function<std::unique_ptr<Op>()>;

  std::string name;
  Arrays inputs;
  std::int64_t operations;  // multiplications and additions of forward()
  Make make;
  Make make_plain;       // a layer: the layers it replaces, from ref.h; otherwise empty
  double tolerance;      // between two implementations: max |a - b| / max |b|
  const char* why;       // the reason for the tolerance
  float step = 0.5f;     // of the finite differences; large if linear in each input
  bool is_real = false;  // a size of the reference autoencoder, which bench measures
};

std::vector<OpCase> op_cases();

/// Its two parts.
std::vector<OpCase> kernel_cases();
std::vector<OpCase> layer_cases();

/// Uniform in [low, high), the same in every run.
std::vector<float> random_floats(std::int64_t n, std::uint64_t seed, double low = -1.0,
                                 double high = 1.0);

}  // namespace hourglass
