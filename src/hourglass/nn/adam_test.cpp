#include "hourglass/nn/adam.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

/// torch.optim.AdamW in double, as in its documentation.
struct Reference {
  std::vector<double> weights, m, v;
  int steps = 0;
  void step(const std::vector<float>& gradients, const AdamOptions& o) {
    ++steps;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double g = static_cast<double>(gradients[i]);
      weights[i] -= o.learning_rate * o.weight_decay * weights[i];
      m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
      v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
      const double mean = m[i] / (1 - std::pow(o.beta1, steps));
      const double square = v[i] / (1 - std::pow(o.beta2, steps));
      weights[i] -= o.learning_rate * mean / (std::sqrt(square) + o.epsilon);
    }
  }
};

TEST(Adam, ShrinksTheWeightsAsAdamWDoes) {
  const AdamOptions options{.learning_rate = 8e-3, .beta2 = 0.99, .weight_decay = 0.05};
  constexpr std::int64_t n = 64;
  Adam adam(n, options);
  ThreadPool pool(2);
  Rng rng(3);
  std::vector<float> weights(n), gradients(n);
  for (float& w : weights) w = static_cast<float>(rng.uniform(-1, 1));
  Reference expected{
      {weights.begin(), weights.end()}, std::vector<double>(n), std::vector<double>(n)};
  for (int step = 0; step < 20; ++step) {
    for (float& g : gradients) g = static_cast<float>(rng.normal());
    adam.step(weights, gradients, pool);
    expected.step(gradients, options);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(weights[i], expected.weights[i], 2e-6) << i;  // twenty roundings of float32
  }
}

TEST(Adam, WithoutWeightDecayLeavesAWeightWithoutGradientAlone) {
  Adam adam(16, {});
  ThreadPool pool(1);
  std::vector<float> weights(16, 0.7f), gradients(16, 0.0f);
  adam.step(weights, gradients, pool);
  EXPECT_EQ(weights[3], 0.7f);
}

}  // namespace
}  // namespace hourglass
