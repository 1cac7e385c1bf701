#include "hourglass/measure/reconstruction.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "../tests/golden/golden.h"
#include "hourglass/base/message_test.h"
#include "hourglass/measure/ssim.h"

namespace hourglass {
namespace {

using testing::HasSubstr;

struct Pair {
  Tensor original, reconstruction;
};

/// The same images as images() in record_measures.py.
Pair images(std::int64_t n, const ImageShape& shape) {
  Pair pair{Tensor(Shape{n, shape.pixels()}), golden::noise(7, Shape{n, shape.pixels()})};
  std::int64_t index = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t y = 0; y < shape.height; ++y) {
      for (std::int64_t x = 0; x < shape.width; ++x) {
        for (std::int64_t k = 0; k < shape.channels; ++k, ++index) {
          const std::int64_t pattern = (x * y + 3 * x + 5 * y * (k + 1) + 7 * i) % 32;
          const float a = static_cast<float>(pattern) / 32;
          const float noise = pair.reconstruction[index] - 0.5f;
          pair.original[index] = a;
          pair.reconstruction[index] =
              std::clamp(a + static_cast<float>(i + 1) / 8 * noise, 0.0f, 1.0f);
        }
      }
    }
  }
  return pair;
}

void expect_as_recorded(const char* name, std::int64_t n, const ImageShape& shape) {
  const Pair pair = images(n, shape);
  ThreadPool pool(2);
  const ReconstructionScores scores =
      measure_reconstruction(pair.original, pair.reconstruction, shape, pool);
  const std::vector<double> expected = golden::read("measures.txt").at(name);
  EXPECT_NEAR(scores.mse, expected[0], 1e-8);
  EXPECT_NEAR(scores.psnr, expected[1], 1e-6);
  EXPECT_NEAR(scores.ssim, expected[2], 1e-7);
  EXPECT_EQ(scores.images, n);
}

TEST(Reconstruction, ScoresEqualScikitImageOnGreyImages) {
  expect_as_recorded("images_28x28x1", 5, {1, 28, 28});
}

TEST(Reconstruction, ScoresEqualScikitImageOnColourImages) {
  expect_as_recorded("images_16x20x3", 4, {3, 16, 20});
}

TEST(Reconstruction, ScoresEqualScikitImageOnImagesAsLargeAsTheWindow) {
  expect_as_recorded("images_11x11x1", 2, {1, 11, 11});
}

TEST(Reconstruction, PerfectImagesScoreZeroErrorOneHundredDecibelsAndSimilarityOne) {
  const Pair pair = images(3, {1, 12, 12});
  ThreadPool pool(1);
  const auto scores = measure_reconstruction(pair.original, pair.original, {1, 12, 12}, pool);
  EXPECT_EQ(scores.mse, 0.0);
  EXPECT_DOUBLE_EQ(scores.psnr, 100.0);
  EXPECT_NEAR(scores.ssim, 1.0, 1e-12);
}

TEST(Reconstruction, ImagesSmallerThanTheWindowHaveNoSimilarity) {
  const Pair pair = images(2, {1, 8, 12});
  ThreadPool pool(1);
  const auto scores = measure_reconstruction(pair.original, pair.reconstruction, {1, 8, 12}, pool);
  EXPECT_TRUE(std::isnan(scores.ssim));
  EXPECT_GT(scores.mse, 0.0);
}

TEST(Reconstruction, BlocksAndThreadsDoNotChangeABit) {
  const ImageShape shape{1, 16, 16};
  const Pair pair = images(101, shape);
  ThreadPool one(1), three(3);
  const auto whole = measure_reconstruction(pair.original, pair.reconstruction, shape, one);
  ReconstructionMeter meter(shape);
  for (std::int64_t begin = 0; begin < 101; begin += 17) {
    const std::int64_t end = std::min<std::int64_t>(101, begin + 17);
    meter.add(pair.original.view().rows(begin, end), pair.reconstruction.view().rows(begin, end),
              three);
  }
  const auto parts = meter.scores();
  EXPECT_EQ(std::bit_cast<std::uint64_t>(whole.mse), std::bit_cast<std::uint64_t>(parts.mse));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(whole.psnr), std::bit_cast<std::uint64_t>(parts.psnr));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(whole.ssim), std::bit_cast<std::uint64_t>(parts.ssim));
}

TEST(Reconstruction, ShapesThatDoNotFitAreNamed) {
  ThreadPool pool(1);
  const Tensor a(Shape{2, 784}), b(Shape{3, 784}), c(Shape{2, 783});
  const auto message = [&](ConstView x, ConstView y) {
    return message_of([&] { measure_reconstruction(x, y, {1, 28, 28}, pool); });
  };
  EXPECT_THAT(message(a, b), HasSubstr("2 x 784 and the reconstructions 3 x 784"));
  EXPECT_THAT(message(c, c), HasSubstr("rows of 784 values are needed"));
}

}  // namespace
}  // namespace hourglass
