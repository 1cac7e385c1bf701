#include "hourglass/figures/raster.h"

#include <gmock/gmock.h>

#include <limits>

#include "hourglass/figures/impl/reduce.h"
#include "hourglass/figures/pages_test.h"
#include "hourglass/figures/png.h"

namespace hourglass {
namespace {

TEST(ByteOf, RoundsAndCutsOff) {
  EXPECT_EQ(byte_of(0.0), 0);
  EXPECT_EQ(byte_of(1.0), 255);
  EXPECT_EQ(byte_of(0.5), 128);
  EXPECT_EQ(byte_of(-3.0), 0);
  EXPECT_EQ(byte_of(1e30), 255);
  EXPECT_EQ(byte_of(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(FitImage, TakesTheLargestWholeFactor) {
  const Fit fit = fit_image({1, 28, 28}, 113.0, 200.0);
  EXPECT_EQ(fit.factor, 4);
  EXPECT_EQ(fit.width, 112);
  EXPECT_EQ(fit.height, 112);
}

TEST(FitImage, ShrinksInProportionWhatIsTooLarge) {
  const Fit fit = fit_image({3, 100, 400}, 120.0, 120.0);
  EXPECT_EQ(fit.factor, 0);
  EXPECT_EQ(fit.width, 120);
  EXPECT_EQ(fit.height, 30);
}

TEST(Resized, RepeatsEachPixelAsABlock) {
  const std::vector<float> pixels = {0.0f, 0.25f, 0.5f, 1.0f};
  const Raster large = resized(raster_of(pixels, {1, 2, 2}), {6, 6, 3});
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 6; ++x) {
      const std::uint32_t grey = byte_of(pixels[static_cast<std::size_t>(y / 3 * 2 + x / 3)]);
      EXPECT_EQ(pixel(large, x, y), grey * 0x010101) << x << ", " << y;
    }
  }
}

TEST(Resized, ShrunkPixelsAreTheMeanOfTheirArea) {
  const Raster large{4, 2, {0,   0, 0, 100, 100, 100, 10, 20, 30, 10, 20, 30,  //
                            100, 0, 0, 0,   100, 0,   30, 20, 10, 30, 20, 10}};
  const Raster small = resized(large, {2, 1, 0});
  EXPECT_THAT(small.rgb, testing::ElementsAre(50, 50, 25, 20, 20, 20));
}

TEST(Resized, AFlatPictureStaysFlatAtAnySize) {
  const Raster flat{7, 5, std::vector<std::uint8_t>(7 * 5 * 3, 201)};
  for (int width = 1; width <= 7; ++width) {
    EXPECT_THAT(resized(flat, {width, 3, 0}).rgb, testing::Each(201)) << width;
  }
}

TEST(DifferenceOf, IsWhiteWhereNothingDiffersAndDarkestAtTheFullScale) {
  const std::vector<float> a = {0.5f, 0.0f};
  const std::vector<float> b = {0.5f, 1.0f};
  const Raster picture = difference_of(a, b, {1, 1, 2}, 1.0);
  EXPECT_EQ(pixel(picture, 0, 0), 0xFFFFFFu);
  EXPECT_EQ(pixel(picture, 1, 0), 0x3A0610u);
}

Raster noisy_picture(int width, int height, std::uint32_t colors) {
  Raster out{width, height, {}};
  std::uint32_t state = 1;
  for (int i = 0; i < width * height; ++i) {
    state = state * 1664525u + 1013904223u;
    const std::uint32_t color = (state >> 8) % colors;
    out.rgb.push_back(static_cast<std::uint8_t>(color & 0xFF));
    out.rgb.push_back(static_cast<std::uint8_t>((color * 7) & 0xFF));
    out.rgb.push_back(static_cast<std::uint8_t>((color >> 8) & 0xFF));
  }
  return out;
}

TEST(PngBytes, ReadBackAsTheSamePixelsInAllThreeEncodings) {
  Raster grey{5, 3, {}};
  for (std::uint8_t i = 0; i < 15; ++i) grey.rgb.insert(grey.rgb.end(), 3u, i);
  for (const Raster& picture : {grey, noisy_picture(31, 17, 200), noisy_picture(64, 64, 5000)}) {
    const Raster back = decoded_png(png_bytes(picture));
    EXPECT_EQ(back.width, picture.width);
    EXPECT_EQ(back.height, picture.height);
    EXPECT_EQ(back.rgb, picture.rgb);
  }
}

TEST(WithFewerColors, LeavesAPictureOfFewColorsAsItIs) {
  const Raster picture = noisy_picture(40, 40, 200);
  EXPECT_EQ(with_fewer_colors(picture, 256).rgb, picture.rgb);
}

TEST(WithFewerColors, KeepsCommonColorsAndStaysWithinTheNumber) {
  Raster picture = noisy_picture(100, 100, 5000);
  picture.rgb.insert(picture.rgb.end(), 3u * 100u * 20u, 77);  // the commonest of all
  picture.height += 20;
  const Raster fewer = with_fewer_colors(picture, 32);
  std::vector<std::uint32_t> colors;
  for (int y = 0; y < fewer.height; ++y) {
    for (int x = 0; x < fewer.width; ++x) colors.push_back(pixel(fewer, x, y));
  }
  std::sort(colors.begin(), colors.end());
  colors.erase(std::unique(colors.begin(), colors.end()), colors.end());
  EXPECT_LE(colors.size(), 32u);
  EXPECT_GE(count_pixels(fewer, 0x4D4D4D), 2000);
}

}  // namespace
}  // namespace hourglass
