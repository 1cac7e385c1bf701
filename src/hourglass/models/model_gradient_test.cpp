// The contract of every model: its loss, part by part, and its gradient.
#include <gmock/gmock.h>

#include <cmath>

#include "hourglass/models/contract_cases_test.h"
#include "hourglass/nn/adam.h"

namespace hourglass {
namespace {

class ModelGradient : public ContractFixture {
 protected:
  /// (loss(h) - loss(-h)) / 2h of one part, along a direction of all parameters.
  double slope(const std::vector<float>& start, const std::vector<float>& direction, float h,
               const Chunk& chunk, std::size_t part) {
    const auto at = [&](float t) {
      std::vector<float> values = start;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += t * direction[i];
      set_state(values);
      return loss(chunk).part[part];
    };
    const double difference = at(h) - at(-h);
    set_state(start);
    return difference / (2.0 * static_cast<double>(h));
  }
};
INSTANTIATE_TEST_SUITE_P(, ModelGradient, testing::ValuesIn(contract_cases()), name_of_case);

TEST_P(ModelGradient, LossAloneIsWhatTrainReturnsToTheBit) {
  const Images some = images();
  for (const std::int64_t n : {1, 4, 5, 8}) {
    for (const bool noisy : {false, true}) {
      Sum sum(*model_);
      const LossParts trained = train(sum, some.chunk(0, n, noisy), all_parts());
      EXPECT_EQ(loss(some.chunk(0, n, noisy)).part, trained.part) << n << " images";
    }
  }
}

/// Also for padded images: the padding is not part of the loss.
TEST_P(ModelGradient, TheLossIsTheSumOverImagesOfTheErrorOfWhatDecodeGives) {
  const Images some = images();
  const Tensor back = decode(*model_, encode(*model_, some.source(), pool_), pool_, some.labels);
  double expected = 0;
  for (std::int64_t i = 0; i < back.count(); ++i) {
    const double d = static_cast<double>(some.rows[i]) - static_cast<double>(back[i]);
    expected += d * d / static_cast<double>(pixels());
  }
  // The loss of a linear model is computed before its output is clipped to [0, 1].
  if (GetParam().kind == "linear") {
    EXPECT_GE(loss(some.clean()).part[0], expected * (1 - 1e-5));
  } else {
    EXPECT_NEAR(loss(some.clean()).part[0], expected, 1e-5 * expected);
  }
}

/// Along random directions of all parameters at once, and one parameter at a time; with noise.
TEST_P(ModelGradient, EachLossPartsGradientIsTheLimitOfDifferences) {
  const Images some = images();
  const Chunk chunk = some.noisy();
  const std::vector<float> start = state();
  for (std::size_t part = 0; part < model_->loss_names().size(); ++part) {
    SCOPED_TRACE(model_->loss_names()[part]);
    const std::vector<float> analytic = gradient(chunk, one_part(part));
    double length = 0;
    for (const float g : analytic) length += std::pow(static_cast<double>(g), 2);
    ASSERT_GT(length, 0.0);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const auto direction = random_state(std::ssize(start), -1, 1, seed);
      double expected = 0;
      for (std::size_t i = 0; i < start.size(); ++i) {
        expected += static_cast<double>(direction[i]) * static_cast<double>(analytic[i]);
      }
      // The slope in a random direction is of the order of the gradient's norm.
      EXPECT_NEAR(slope(start, direction, 4e-5f, chunk, part), expected, 0.02 * std::sqrt(length))
          << "seed " << seed;
    }
    std::size_t begin = 0;
    Rng rng(4);
    for (const Parameter& p : model_->parameter_list().parameters()) {
      const auto count = static_cast<std::size_t>(p.shape.count());
      double largest = 0;
      std::size_t steepest = begin;
      for (std::size_t i = begin; i < begin + count; ++i) {
        if (std::abs(static_cast<double>(analytic[i])) <= largest) continue;
        largest = std::abs(static_cast<double>(analytic[i]));
        steepest = i;
      }
      for (const std::size_t i : {steepest, begin + static_cast<std::size_t>(rng.below(count))}) {
        std::vector<float> direction(start.size());
        direction[i] = 1.0f;
        EXPECT_NEAR(slope(start, direction, 2e-3f, chunk, part), static_cast<double>(analytic[i]),
                    0.02 * largest + 2e-4)
            << p.name << " at " << i - begin;
      }
      begin += count;
    }
  }
}

TEST_P(ModelGradient, TheGradientOfTheLossIsTheWeightedSumOfItsParts) {
  const Images some = images();
  LossWeights weights = all_parts();
  weights[1] *= 0.25;
  std::vector<double> expected(state().size());
  for (std::size_t part = 0; part < model_->loss_names().size(); ++part) {
    const std::vector<float> own = gradient(some.noisy(), one_part(part));
    for (std::size_t i = 0; i < own.size(); ++i) {
      expected[i] += weights[part] * static_cast<double>(own[i]);
    }
  }
  const std::vector<float> together = gradient(some.noisy(), weights);
  float largest = 0;
  for (const float g : together) largest = std::max(largest, std::abs(g));
  for (std::size_t i = 0; i < together.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(together[i]), expected[i], 1e-5 * static_cast<double>(largest))
        << i;
  }
}

TEST_P(ModelGradient, TheGradientOfABatchIsTheSumOverItsChunksAndImages) {
  const Images some = images();
  const std::vector<float> together = gradient(some.noisy(), all_parts());
  Sum sum(*model_);
  for (std::int64_t i = 0; i < 8; ++i) train(sum, some.chunk(i, i + 1, true), all_parts());
  const std::vector<float> one_by_one = folded(sum);
  float largest = 0;
  for (const float g : together) largest = std::max(largest, std::abs(g));
  for (std::size_t i = 0; i < together.size(); ++i) {
    ASSERT_NEAR(together[i], one_by_one[i], 1e-5f * largest) << i;
  }
  LossWeights halves = all_parts();
  for (double& weight : halves) weight *= 0.5;
  const std::vector<float> half = gradient(some.noisy(), halves);
  for (std::size_t i = 0; i < half.size(); ++i) {
    ASSERT_EQ(half[i], 0.5f * together[i]) << i;  // a power of two: exact
  }
}

/// Soft blobs at different positions.
TEST_P(ModelGradient, LearnsOneBatchByHeart) {
  const ImageShape shape = GetParam().shape;
  const std::int64_t n = GetParam().images_by_heart;
  Tensor blobs({n, pixels()});
  Rng rng(8);
  for (std::int64_t i = 0; i < n; ++i) {
    const double y0 = rng.uniform(0, static_cast<double>(shape.height));
    const double x0 = rng.uniform(0, static_cast<double>(shape.width));
    for (std::int64_t p = 0; p < pixels(); ++p) {
      const double y = static_cast<double>(p / shape.channels / shape.width) - y0;
      const double x = static_cast<double>(p / shape.channels % shape.width) - x0;
      blobs.row(i)[static_cast<std::size_t>(p)] =
          static_cast<float>(0.2 + 0.6 / (1.0 + (y * y + x * x) / 16.0));
    }
  }
  const Images some(std::move(blobs));
  Adam adam(std::ssize(model_->parameters()), {.learning_rate = 5e-3});
  LossWeights scale = one_part(0);
  scale[0] /= static_cast<double>(n);
  double mean = 1;
  for (int step = 0; step < GetParam().steps_by_heart && mean >= 1e-4; ++step) {
    Sum sum(*model_);
    mean = 0;
    for (std::int64_t begin = 0; begin < n; begin += kChunk) {
      const Chunk chunk = some.chunk(begin, std::min(begin + kChunk, n), false);
      mean += train(sum, chunk, scale).part[0] / static_cast<double>(n);
    }
    folded(sum);
    adam.step(model_->parameters(), sum.engine.span(), pool_);
    model_->prepare();
  }
  EXPECT_LT(mean, 1e-4);
}

}  // namespace
}  // namespace hourglass
