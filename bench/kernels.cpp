// Times of single operations, forward and backward, under every kernel set: the op table's third
// use. For one chunk of 8 images of the reference autoencoder:
//
//     build/release/bench/bench_kernels --benchmark_repetitions=9
//
// `all` as the first word takes the odd sizes of the tests, too.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string_view>

#include "kernels/kernels.h"
#include "nn/op_cases_test.h"

namespace hourglass {
namespace {

std::unique_ptr<Op> prepared(const OpCase& c) {
  auto op = c.make();
  op->load(c.inputs);
  op->forward();
  op->load_gradient(random_floats(std::ssize(op->output()), 51));
  return op;
}

void register_case(const OpCase& c, const KernelSetFact& set) {
  const std::string name = c.name + '/' + std::string(set.name);
  const auto timed = [c, set](benchmark::State& state, bool forward) {
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
    // Backward does the work of two products, for the weights and for the input.
    const double operations = static_cast<double>(c.operations) * (forward ? 1 : 2);
    state.counters["operations"] = benchmark::Counter(
        operations, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
  };
  benchmark::RegisterBenchmark((name + "/forward").c_str(), timed, true);
  if (c.make_plain) benchmark::RegisterBenchmark((name + "/backward").c_str(), timed, false);
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  const bool all = argc > 1 && std::string_view(argv[1]) == "all";
  if (all) std::rotate(argv + 1, argv + 2, argv + argc--);
  for (const auto& c : hourglass::op_cases()) {
    if (!all && !c.is_real) continue;
    for (const auto& set : hourglass::kernel_sets()) {
      if (set.usable) hourglass::register_case(c, set);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
