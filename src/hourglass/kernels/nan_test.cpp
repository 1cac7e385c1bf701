// In every kernel set a NaN reaches the loss, which stops a diverging training.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

TEST(KernelsNaN, ANaNLogitMakesTheLossNaN) {
  for (const KernelSetFact& set : kernel_sets()) {
    if (!set.usable) continue;
    select_kernels(set.set);
    std::array<float, 2 * kVectorFloats> out{}, gradient{}, target{};
    out[3] = std::numeric_limits<float>::quiet_NaN();
    const SigmoidLoss loss{out.data(), gradient.data(), target.data(), out.size(), 1.0F};
    EXPECT_TRUE(std::isnan(kernels().sigmoid_loss(loss))) << set.name;
    EXPECT_TRUE(std::isnan(out[3])) << set.name;
    EXPECT_EQ(out[4], 0.5F) << set.name;
  }
  select_kernels(best_kernel_set());
}

TEST(KernelsNaN, InfiniteLogitsGiveZeroAndOne) {
  for (const KernelSetFact& set : kernel_sets()) {
    if (!set.usable) continue;
    select_kernels(set.set);
    std::array<float, kVectorFloats> values{};
    values[0] = std::numeric_limits<float>::infinity();
    values[1] = -std::numeric_limits<float>::infinity();
    values[2] = std::numeric_limits<float>::quiet_NaN();
    kernels().sigmoid(values.data(), values.size());
    EXPECT_EQ(values[0], 1.0F) << set.name;
    EXPECT_NEAR(values[1], 0.0F, 1e-30F) << set.name;
    EXPECT_TRUE(std::isnan(values[2])) << set.name;
  }
  select_kernels(best_kernel_set());
}

}  // namespace
}  // namespace hourglass
