// Training and encoding for script/bench, with one latent dimension and number of threads. Waits
// for lines on standard input, so that it and its peers can take turns.
//
//     printf 'train 60\ntrain 60\nencode 4000\npeak 1\n' | build/release/bench/bench_training 32 2
//
// `train N` takes N steps of 128 images, `encode N` encodes N images, `peak S` runs multiply-adds
// for S seconds; each answers with one line of JSON. The first line says what is measured. The data
// set is the third argument, otherwise MNIST if it is found, otherwise strokes.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/progress.h"
#include "hourglass/data/open.h"
#include "hourglass/data/split.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/stepper.h"
#include "peak.h"

namespace hourglass {
namespace {

constexpr std::int64_t kBatch = 128;

Dataset open_data(const std::string& name) {
  OpenOptions options;
  options.allow_download = false;
  if (!name.empty()) return open_dataset(name, options);
  try {
    return open_dataset("mnist", options);
  } catch (const Error&) {
    return open_dataset("strokes", options);
  }
}

void answer(const nlohmann::json& line) {
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

/// Operations of a training step for one image, a multiply-add counted as two, in the convolutions
/// and linear layers: forward, gradient of the weights and, except for the first layer, gradient of
/// the input. Both upsampling convolutions count 16 taps per small pixel, not the 36 of their
/// definition. Everything else (norms, activations, loss, Adam) is left out.
double training_operations(const ImageShape& shape, std::int64_t latent_dim) {
  const auto half = static_cast<double>(shape.height / 2 * (shape.width / 2));
  const auto quarter = static_cast<double>(shape.height / 4 * (shape.width / 4));
  const auto channels = static_cast<double>(shape.channels);
  const double conv1 = half * 9 * channels * 32;
  const double conv2 = quarter * 9 * 32 * 64;
  const double linear = quarter * 64 * static_cast<double>(latent_dim);
  const double deconv1 = quarter * 16 * 64 * 32;
  const double deconv2 = half * 16 * 32 * channels;
  return 2 * (2 * conv1 + 3 * (conv2 + linear + linear + deconv1 + deconv2));
}

class Bench {
 public:
  Bench(std::int64_t latent_dim, int threads, const std::string& dataset)
      : data_(open_data(dataset)),
        model_(make_model("AE", data_.shape, {latent_dim}, 0)),
        pool_(threads),
        stepper_(*model_, {.batch_size = kBatch}, pool_),
        order_(static_cast<std::size_t>(data_.train.count())) {
    epoch_order(0, 1, order_);
  }

  nlohmann::json facts() const {
    return {{"what", "hourglass"},
            {"data", data_.name},
            {"kernels", kernels().name},
            {"threads", pool_.size()},
            {"latent_dim", model_->latent_dim()},
            {"batch", kBatch},
            {"parameters", model_->parameter_list().state_count()},
            {"operations_per_image", training_operations(data_.shape, model_->latent_dim())}};
  }

  /// N steps, with several epochs if needed.
  double train(std::int64_t steps) {
    const std::int64_t batches = data_.train.count() / kBatch;
    const double started = monotonic_seconds();
    for (std::int64_t i = 0; i < steps; ++i) {
      stepper_.step(data_.train, {batch_of(order_, next_batch_++ % batches, kBatch)});
    }
    return static_cast<double>(steps * kBatch) / (monotonic_seconds() - started);
  }

  double encode(std::int64_t images) {
    const std::int64_t n = std::min(images, data_.train.count());
    std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), 0);
    const RowSource first = data_.train.selected(std::move(rows));
    const double started = monotonic_seconds();
    const Tensor latents = hourglass::encode(*model_, first, pool_);
    return static_cast<double>(latents.size(0)) / (monotonic_seconds() - started);
  }

  double peak(double seconds) {
    return multiply_add_peak(parse_kernel_set(kernels().name), pool_, seconds);
  }

 private:
  Dataset data_;
  std::unique_ptr<Model> model_;
  ThreadPool pool_;
  Stepper stepper_;
  std::vector<std::int64_t> order_;
  std::int64_t next_batch_ = 0;
};

void serve(Bench& bench) {
  answer(bench.facts());
  std::string task;
  for (double amount = 0; std::cin >> task >> amount;) {
    const auto count = static_cast<std::int64_t>(amount);
    if (task == "train") {
      answer({{"images_per_second", bench.train(count)}});
    } else if (task == "encode") {
      answer({{"images_per_second", bench.encode(count)}});
    } else if (task == "peak") {
      answer({{"operations_per_second", bench.peak(amount)}});
    } else {
      fail("bench", "'{}' is not a task: train, encode or peak", task);
    }
  }
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: bench_training LATENT_DIM THREADS [DATASET]\n");
    return 2;
  }
  try {
    hourglass::Bench bench(std::atoll(argv[1]), std::atoi(argv[2]), argc > 3 ? argv[3] : "");
    hourglass::serve(bench);
  } catch (const hourglass::Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}
