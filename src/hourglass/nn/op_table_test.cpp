// The checks of the op table: every kernel set against `ref`, sets with the same bits, fused layers
// against the layers they replace, and gradients against finite differences.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "hourglass/base/random.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/nn/op_cases_test.h"

namespace hourglass {
namespace {

/// The results of one run of an operation: its output, then its gradients.
struct Results {
  std::vector<double> output;
  Arrays gradients;
};

Results results_of(const OpCase& c, const OpCase::Make& make) {
  const auto op = make();
  op->load(c.inputs);
  op->forward();
  Results results{op->output(), {}};
  op->load_gradient(random_floats(std::ssize(results.output), 51));
  op->backward();
  results.gradients = op->gradients();
  return results;
}

template <typename T>
double error(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return HUGE_VAL;
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (!std::isfinite(x)) return HUGE_VAL;
    worst = std::max(worst, std::abs(x - y));
    largest = std::max(largest, std::abs(y));
  }
  return worst == 0 ? 0 : worst / largest;
}

void expect_close(const OpCase& c, const Results& a, const Results& b) {
  EXPECT_LE(error(a.output, b.output), c.tolerance)
      << c.name << ", output; leaves room for " << c.why;
  ASSERT_EQ(a.gradients.size(), b.gradients.size()) << c.name;
  for (std::size_t i = 0; i < a.gradients.size(); ++i) {
    if (a.gradients[i].empty()) continue;  // this input has none
    EXPECT_LE(error(a.gradients[i], b.gradients[i]), c.tolerance)
        << c.name << ", gradient of input " << i << "; leaves room for " << c.why;
  }
}

Results under(KernelSet set, const OpCase& c) {
  const WithKernels chosen(set);
  return results_of(c, c.make);
}

using OpTable = EachKernelSet;

/// Of all cases, computed once: `ref` is by far the slowest set.
const std::vector<Results>& results_of_ref() {
  static const std::vector<Results> results = [] {
    std::vector<Results> all;
    for (const OpCase& c : op_cases()) all.push_back(under(KernelSet::ref, c));
    return all;
  }();
  return results;
}

TEST_P(OpTable, EveryOperationAgreesWithRef) {
  const std::vector<OpCase> cases = op_cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    expect_close(cases[i], under(GetParam(), cases[i]), results_of_ref()[i]);
  }
}

TEST_P(OpTable, EveryFusedLayerEqualsTheLayersItReplaces) {
  for (const OpCase& c : layer_cases()) {
    select_kernels(GetParam());
    expect_close(c, results_of(c, c.make), results_of(c, c.make_plain));
  }
}

/// sum(output * weights), in double.
double scalar(Op& op, const Arrays& inputs, const std::vector<float>& weights) {
  op.load(inputs);
  op.forward();
  const std::vector<double> out = op.output();
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] * static_cast<double>(weights[i]);
  return sum;
}

/// Central differences with steps h and 2h, combined so that the error of order h^2 cancels.
double difference(Op& op, Arrays inputs, std::size_t input, std::size_t at, double step,
                  const std::vector<float>& weights) {
  const float x = inputs[input][at];
  const auto slope = [&](double h) {
    inputs[input][at] = x + static_cast<float>(h);
    const double above = scalar(op, inputs, weights),
                 upper = static_cast<double>(inputs[input][at]);
    inputs[input][at] = x - static_cast<float>(h);
    const double below = scalar(op, inputs, weights),
                 lower = static_cast<double>(inputs[input][at]);
    return (above - below) / (upper - lower);
  };
  return (4.0 * slope(step) - slope(2.0 * step)) / 3.0;
}

/// Tolerance for the rounding of the float outputs in the differences.
constexpr double kDifferenceTolerance = 1e-3;

/// Under the fastest set: that all sets have its gradients is tested above.
TEST(OpTableGradients, AgreeWithDifferences) {
  const WithKernels chosen(best_kernel_set());
  Rng rng(5);
  for (const OpCase& c : op_cases()) {
    if (c.step == 0.0f || c.is_real) continue;
    const auto op = c.make();
    op->load(c.inputs);
    op->forward();
    const auto weights = random_floats(std::ssize(op->output()), 52);
    op->load_gradient(weights);
    op->backward();
    const Arrays gradients = op->gradients();
    for (std::size_t input = 0; input < gradients.size(); ++input) {
      const std::vector<float>& gradient = gradients[input];
      double largest = 0;
      for (const float g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
      for (int sample = 0; sample < 6 && !gradient.empty(); ++sample) {
        const auto at = static_cast<std::size_t>(rng.below(gradient.size()));
        EXPECT_NEAR(difference(*op, c.inputs, input, at, static_cast<double>(c.step), weights),
                    static_cast<double>(gradient[at]), kDifferenceTolerance * largest)
            << c.name << ", input " << input << " at " << at;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, OpTable, kEverySet, kernel_set_name);

TEST(OpTableBits, SetsThatFuseGiveTheSameInEveryOperation) {
  const std::vector<KernelSet> sets = fused_sets_here();
  if (sets.size() < 2) GTEST_SKIP() << "this processor has fewer than two kernel sets that fuse";
  for (const OpCase& c : op_cases()) {
    const Results first = under(sets[0], c);
    for (const KernelSet set : sets) {
      const Results other = under(set, c);
      EXPECT_EQ(first.output, other.output) << c.name;
      EXPECT_EQ(first.gradients, other.gradients) << c.name;
    }
  }
}

TEST(OpTableBits, SetsThatFuseGiveTheRecordedBits) {
  if (fused_sets_here().empty()) GTEST_SKIP() << "this processor has no kernel set that fuses";
  const WithKernels chosen(fused_sets_here().front());
  std::string hashes;
  for (const OpCase& c : op_cases()) {
    const Results results = results_of(c, c.make);
    std::string hash = bits_of(results.output);
    for (const auto& gradient : results.gradients) hash += bits_of(gradient);
    hashes += fmt::format("{}  {}\n", bits_of(hash), c.name);
  }
  EXPECT_EQ(bits_of(hashes), "b9058175ea1d4278ebb6c1d57560549310b1d542a0a197e3e48feb1ceed0a6aa")
      << hashes;
}

}  // namespace
}  // namespace hourglass
