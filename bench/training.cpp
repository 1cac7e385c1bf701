// Images a second in training, by latent size and number of threads: median and spread of several
// runs, taken in turn so that what else the machine does falls on all alike.
//
//     HOURGLASS_DATA_DIR=DIR build/release/bench/bench_training [RUNS]
//
// On MNIST where it is found, otherwise on strokes.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "base/progress.h"
#include "data/open.h"
#include "data/split.h"
#include "train/stepper.h"

namespace hourglass {
namespace {

constexpr std::int64_t kBatch = 128, kSteps = 30;

Dataset open_data() {
  OpenOptions options;
  options.allow_download = false;
  try {
    return open_dataset("mnist", options);
  } catch (const Error&) {
    return open_dataset("strokes", options);
  }
}

/// One way to train, with the times it has taken.
struct Contender {
  std::int64_t latent_dim;
  int threads;
  std::unique_ptr<Model> model;
  std::unique_ptr<ThreadPool> pool;
  std::unique_ptr<Stepper> stepper;
  std::vector<double> images_per_second;
};

Contender contender(const Dataset& data, std::int64_t latent_dim, int threads) {
  Contender c{latent_dim,
              threads,
              make_model("AE", data.shape, {latent_dim}, 0),
              std::make_unique<ThreadPool>(threads),
              nullptr,
              {}};
  c.stepper = std::make_unique<Stepper>(*c.model, kBatch, AdamOptions{}, *c.pool);
  return c;
}

void run(Contender& c, const Dataset& data, std::span<const std::int64_t> order) {
  const double started = monotonic_seconds();
  for (std::int64_t b = 0; b < kSteps; ++b) c.stepper->step(data.train, batch_of(order, b, kBatch));
  c.images_per_second.push_back(static_cast<double>(kSteps * kBatch) /
                                (monotonic_seconds() - started));
}

void report(Contender& c) {
  auto& all = c.images_per_second;
  all.erase(all.begin());  // the warm-up
  std::sort(all.begin(), all.end());
  fmt::print("latent_dim {:>3}, {} thread{}: {:>6.0f} images/s (median of {}, {:.0f} to {:.0f})\n",
             c.latent_dim, c.threads, c.threads == 1 ? " " : "s", all[all.size() / 2], all.size(),
             all.front(), all.back());
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  using namespace hourglass;
  const int runs = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 7;
  const Dataset data = open_data();
  std::vector<std::int64_t> order(static_cast<std::size_t>(data.train.count()));
  epoch_order(0, 1, order);
  fmt::print("{}, kernels {}, batches of {}\n", data.name, kernels().name, kBatch);
  std::vector<Contender> contenders;
  for (const std::int64_t latent_dim : {32, 128}) {
    for (const int threads : {1, 2}) contenders.push_back(contender(data, latent_dim, threads));
  }
  for (int i = 0; i <= runs; ++i) {
    for (Contender& c : contenders) run(c, data, order);
  }
  for (Contender& c : contenders) report(c);
}
