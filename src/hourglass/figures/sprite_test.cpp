#include "hourglass/figures/sprite.h"

#include <gmock/gmock.h>

#include "hourglass/base/error.h"
#include "hourglass/figures/pages_test.h"
#include "hourglass/figures/png.h"

namespace hourglass {
namespace {

TEST(Sprite, TheGridIsTheSmallestSquareThatHoldsAllImages) {
  for (const auto& [n, side] : {std::pair{1, 1}, {2, 2}, {4, 2}, {5, 3}, {10000, 100}}) {
    const SpriteGrid grid = sprite_grid(n, {1, 28, 20}, 8192);
    EXPECT_EQ(grid.side, side) << n;
    EXPECT_EQ(grid.image_height, 28);
    EXPECT_EQ(grid.image_width, 20);
  }
}

TEST(Sprite, ImagesThatWouldNotFitBecomeSmallerInProportion) {
  const SpriteGrid grid = sprite_grid(10000, {3, 128, 64}, 8192);
  EXPECT_EQ(grid.side, 100);
  EXPECT_EQ(grid.image_height, 81);  // 8192 / 100
  EXPECT_EQ(grid.image_width, 40);
  EXPECT_EQ(sprite_grid(85264, {1, 28, 28}, 8192).image_height, 28);  // 292 x 292, 8176 pixels
  EXPECT_EQ(sprite_grid(85265, {1, 28, 28}, 8192).image_height, 27);
  const SpriteGrid thin = sprite_grid(16, {1, 2, 64}, 64);
  EXPECT_EQ(thin.image_height, 1);
  EXPECT_EQ(thin.image_width, 16);
  EXPECT_THROW(sprite_grid(17, {1, 8, 8}, 4), Error);
}

TEST(Sprite, ImagesLieByRowsAndTheRestIsBlack) {
  // Three images of 1 x 2 pixels in colour.
  const std::vector<std::uint8_t> images{1,  2,  3,  4,  5,  6,  7,  8,  9,
                                         10, 11, 12, 13, 14, 15, 16, 17, 18};
  EXPECT_THAT(sprite_pixels(images, {3, 1, 2}, 2),
              testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 0,
                                   0, 0, 0, 0, 0));
  const std::vector<std::uint8_t> tall{1, 2, 3, 4, 5, 6};
  EXPECT_THAT(sprite_pixels(tall, {1, 2, 1}, 2), testing::ElementsAre(1, 3, 2, 4, 5, 0, 6, 0));
}

TEST(Sprite, AsAPngEveryPixelIsThere) {
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 5 * 4 * 3; ++i) pixels.push_back(static_cast<std::uint8_t>(i * 4));
  const Raster color = decoded_png(image_png(pixels, {3, 5, 4}));
  EXPECT_EQ(color.width, 4);
  EXPECT_EQ(color.height, 5);
  EXPECT_EQ(color.rgb, pixels);
  const Raster grey = decoded_png(image_png(std::span(pixels).first(20), {1, 5, 4}));
  for (std::size_t i = 0; i < grey.rgb.size(); ++i) EXPECT_EQ(grey.rgb[i], pixels[i / 3]) << i;
}

}  // namespace
}  // namespace hourglass
