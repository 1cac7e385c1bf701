// The estimate of a run's memory.
#include <gtest/gtest.h>

#include "hourglass/models/registry.h"
#include "hourglass/train/stepper.h"

namespace hourglass {
namespace {

TEST(StepperBytes, AreThoseThatItsTensorsTake) {
  for (const char* kind : {"AE", "linear"}) {
    const auto model = make_model(kind, {1, 20, 28}, {.latent_dim = 5}, 0);
    for (const std::int64_t batch_size : {5, 40, 300}) {
      for (const int threads : {1, 3, 20}) {
        const StepOptions options{.batch_size = batch_size};
        ThreadPool pool(threads);
        const std::int64_t before = tensor_bytes_taken();
        const Stepper stepper(*model, options, pool);
        const std::int64_t taken = tensor_bytes_taken() - before;
        EXPECT_EQ(Stepper::bytes(*model, options, threads), taken)
            << kind << ", " << batch_size << " images, " << threads << " threads";
      }
    }
  }
}

}  // namespace
}  // namespace hourglass
