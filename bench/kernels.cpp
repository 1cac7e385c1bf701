// Times of single operations, forward and backward, with every kernel set, from the op table. For
// one chunk of 8 images of the reference autoencoder, on one thread:
//
//     build/release/bench/bench_kernels --benchmark_repetitions=9
//
// Also prints operations and bytes per second, and the share of the peak that a multiply-add loop
// reached in the same run. With `all` as the first word it includes the odd sizes of the tests.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "hourglass/kernels/kernels.h"
#include "hourglass/nn/op_cases_test.h"
#include "peak.h"

namespace hourglass {
namespace {

std::unique_ptr<Op> prepared(const OpCase& c) {
  auto op = c.make();
  op->load(c.inputs);
  op->forward();
  op->load_gradient(random_floats(std::ssize(op->output()), 51));
  return op;
}

/// Bytes that any implementation must move: inputs and output once; in backward their gradients,
/// and the inputs.
double least_bytes(const OpCase& c, const Op& op, bool forward) {
  double floats = 0;
  for (const auto& input : c.inputs) floats += static_cast<double>(input.size());
  const auto out = static_cast<double>(op.output().size());
  return sizeof(float) * (forward ? floats + out : 2 * floats + out);
}

void register_case(const OpCase& c, const KernelSetFact& set, double peak) {
  const std::string name = c.name + '/' + std::string(set.name);
  const auto timed = [c, set, peak](benchmark::State& state, bool forward) {
    select_kernels(set.set);
    const auto op = prepared(c);
    for (auto _ : state) {
      if (forward) {
        op->forward();
      } else {
        op->backward();
      }
      benchmark::ClobberMemory();
    }
    // Backward does the work of two products, for the weights and for the input; the first layer's
    // input needs no gradient.
    const bool both = !forward && !op->gradients()[0].empty();
    const double operations = static_cast<double>(c.operations) * (both ? 2 : 1);
    using benchmark::Counter;
    const auto rate = Counter::kIsIterationInvariantRate;
    state.counters["operations"] = Counter(operations, rate, Counter::kIs1000);
    state.counters["bytes"] = Counter(least_bytes(c, *op, forward), rate, Counter::kIs1024);
    state.counters["of_peak"] = Counter(operations / peak, rate);
  };
  benchmark::RegisterBenchmark((name + "/forward").c_str(), timed, true);
  if (c.make_plain) benchmark::RegisterBenchmark((name + "/backward").c_str(), timed, false);
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  using namespace hourglass;
  const bool all = argc > 1 && std::string_view(argv[1]) == "all";
  if (all) std::rotate(argv + 1, argv + 2, argv + argc--);
  const auto cases = op_cases();
  ThreadPool one(1);
  for (const auto& set : kernel_sets()) {
    if (!set.usable) continue;
    constexpr double kSeconds = 0.3;
    const double peak = multiply_add_peak(set.set, one, kSeconds);
    const double bandwidth = cache_bandwidth(set.set, kSeconds);
    const std::string name(set.name);
    benchmark::AddCustomContext("peak_" + name, fmt::format("{:.4g}", peak));
    benchmark::AddCustomContext("bandwidth_" + name, fmt::format("{:.4g}", bandwidth));
    for (const auto& c : cases) {
      if (all || c.is_real) register_case(c, set, peak);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
