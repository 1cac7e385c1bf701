#include "hourglass/data/resize.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/samples_test.h"

namespace hourglass {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Resize, ToTheSameSizeChangesNothing) {
  Rng rng(1);
  const ByteImage image{{3, 5, 7}, random_bytes(105, rng)};
  EXPECT_EQ(resize(image, {5, 7}).pixels, image.pixels);
}

TEST(Resize, ShrinkingAveragesAreas) {
  const ByteImage image{{1, 2, 4}, {0, 10, 20, 31, 4, 6, 20, 30}};
  EXPECT_THAT(resize(image, {1, 2}).pixels, ElementsAre(5, 25));
  // Three pixels on two: each new one covers one and a half.
  EXPECT_THAT(resize({{1, 1, 3}, {0, 90, 240}}, {1, 2}).pixels, ElementsAre(30, 190));
}

TEST(Resize, GrowingInterpolatesBetweenCentresAndRepeatsEdges) {
  EXPECT_THAT(resize({{1, 1, 2}, {0, 100}}, {1, 4}).pixels, ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(resize({{1, 2, 1}, {0, 100}}, {4, 1}).pixels, ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(resize({{1, 1, 1}, {9}}, {2, 3}).pixels, Each(9));
}

TEST(Resize, KeepsConstantImagesAtTheExtremes) {
  for (const ImageSize from : {ImageSize{28, 28}, ImageSize{1, 8192}, ImageSize{7, 3}}) {
    for (const ImageSize to : {ImageSize{32, 32}, ImageSize{8192, 1}, ImageSize{5, 11}}) {
      const ByteImage white{{1, from.height, from.width},
                            Bytes(static_cast<std::size_t>(from.height * from.width), 255)};
      EXPECT_THAT(resize(white, to).pixels, Each(255)) << from.text() << " to " << to.text();
    }
  }
}

TEST(Resize, TreatsChannelsApartAndImagesApart) {
  const Bytes pixels = {0, 1, 200, 2, 3, 100, /* second image */ 50, 50, 50, 70, 70, 71};
  EXPECT_THAT(resize_all(pixels, {3, 1, 2}, {1, 1}), ElementsAre(1, 2, 150, 60, 60, 61));
}

/// One new sample by the definition: the part of [position, position + length) in each old pixel,
/// or the two old centres around the new one.
double by_definition(const ByteImage& image, ImageSize to, std::int64_t y, std::int64_t x,
                     std::int64_t c) {
  const auto weight = [](std::int64_t from, std::int64_t size, std::int64_t i, std::int64_t j) {
    const double scale = static_cast<double>(from) / static_cast<double>(size);
    const auto a = static_cast<double>(i), b = static_cast<double>(j);
    if (size < from) {
      return std::max(0.0, std::min((a + 1) * scale, b + 1) - std::max(a * scale, b)) / scale;
    }
    const double centre = std::clamp((a + 0.5) * scale - 0.5, 0.0, static_cast<double>(from - 1));
    return std::max(0.0, 1.0 - std::abs(centre - b));
  };
  double sum = 0.0;
  for (std::int64_t i = 0; i < image.shape.height; ++i) {
    for (std::int64_t j = 0; j < image.shape.width; ++j) {
      const std::int64_t at = (i * image.shape.width + j) * image.shape.channels + c;
      sum += weight(image.shape.height, to.height, y, i) *
             weight(image.shape.width, to.width, x, j) * image.pixels[static_cast<std::size_t>(at)];
    }
  }
  return sum;
}

TEST(Resize, FollowsTheDefinitionForAnySizesRowByRow) {
  Rng rng(7);
  for (int round = 0; round < 200; ++round) {
    const auto side = [&] { return static_cast<std::int64_t>(1 + rng.below(20)); };
    const ImageShape shape{rng.below(2) == 0 ? 1 : 3, side(), side()};
    const ByteImage image{shape, random_bytes(static_cast<std::size_t>(shape.pixels()), rng)};
    const ImageSize to{side(), side()};
    const ByteImage made = resize(image, to);
    const std::vector<float> reals(image.pixels.begin(), image.pixels.end());
    const std::vector<float> real_made = resize_all(std::span<const float>(reals), shape, to);
    std::size_t at = 0;
    for (std::int64_t y = 0; y < to.height; ++y) {
      for (std::int64_t x = 0; x < to.width; ++x) {
        for (std::int64_t c = 0; c < shape.channels; ++c, ++at) {
          const double right = by_definition(image, to, y, x, c);
          // Rounding of bytes: half a step, and what the definition's own doubles lose.
          ASSERT_LE(std::abs(made.pixels[at] - right), 0.5 + 1e-9)
              << shape.text() << " to " << to.text();
          ASSERT_NEAR(real_made[at], right, 255 * 1e-6);
        }
      }
    }
  }
}

TEST(Resize, RefusesSidesOutOfRange) {
  const ByteImage image{{1, 1, 1}, {0}};
  EXPECT_THAT(message_of([&] {
                resize(image, {0, 5});
              }),
              HasSubstr("image size 0 x 5: height and width must be from 1 to 8192"));
  EXPECT_THROW(resize(image, {5, 8193}), Error);
}

}  // namespace
}  // namespace hourglass
