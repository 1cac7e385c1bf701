#include "hourglass/nn/adam.h"

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

/// base^exponent by squaring: the same bits everywhere, unlike std::pow.
double power(double base, std::int64_t exponent) {
  double result = 1.0;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 == 1) result *= base;
  }
  return result;
}

}  // namespace

Adam::Adam(std::int64_t count, const AdamOptions& options)
    : m({padded(count)}), v({padded(count)}), options_(options) {
  set_learning_rate(options.learning_rate);
  const auto is_decay = [](double beta) { return beta >= 0.0 && beta < 1.0; };
  require(is_decay(options.beta1), "adam", "beta1", options.beta1,
          "must be at least 0 and below 1");
  require(is_decay(options.beta2), "adam", "beta2", options.beta2,
          "must be at least 0 and below 1");
  require(options.epsilon >= 0.0 && options.epsilon <= 1.0, "adam", "epsilon", options.epsilon,
          "must be from 0 to 1");
  require(options.weight_decay >= 0.0 && options.weight_decay <= 1.0, "adam", "weight_decay",
          options.weight_decay, "must be from 0 to 1");
}

void Adam::set_learning_rate(double rate) {
  require(rate >= 0.0 && std::isfinite(rate), "adam", "learning_rate", rate,
          "must be a finite number of at least 0");
  options_.learning_rate = rate;
}

void Adam::step(std::span<float> weights, std::span<const float> gradients, ThreadPool& pool) {
  require(std::ssize(weights) == m.count(), "adam", "weights", weights.size(),
          "one for each of m is needed");
  require(gradients.size() == weights.size(), "adam", "gradients", gradients.size(),
          "one for each weight is needed");
  ++steps;
  const double correction1 = 1.0 - power(options_.beta1, steps);
  const double correction2 = 1.0 - power(options_.beta2, steps);
  constexpr std::int64_t kPiece = 1024 * kVectorFloats;
  const auto kept = static_cast<float>(1.0 - options_.learning_rate * options_.weight_decay);
  parallel_for(pool, m.count(), kPiece, [&](std::int64_t begin, std::int64_t end) {
    if (kept != 1.0f) {
      for (std::int64_t i = begin; i < end; ++i) weights[static_cast<std::size_t>(i)] *= kept;
    }
    kernels().adam({weights.data() + begin, m.data() + begin, v.data() + begin,
                    gradients.data() + begin, end - begin, static_cast<float>(options_.beta1),
                    static_cast<float>(options_.beta2), static_cast<float>(options_.epsilon),
                    static_cast<float>(1.0 - options_.beta1),
                    static_cast<float>(1.0 - options_.beta2),
                    static_cast<float>(options_.learning_rate / correction1),
                    static_cast<float>(std::sqrt(correction2))});
  });
}

}  // namespace hourglass
