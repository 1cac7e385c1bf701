#include "hourglass/train/augmentation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr ImageShape kShape{3, 5, 7};

std::vector<float> numbered() {
  std::vector<float> image(static_cast<std::size_t>(kShape.pixels()));
  std::iota(image.begin(), image.end(), 0.0f);
  return image;
}

float at(const std::vector<float>& image, std::int64_t y, std::int64_t x, std::int64_t c) {
  return image[static_cast<std::size_t>((y * kShape.width + x) * kShape.channels + c)];
}

TEST(Augmentation, IsReadAndWrittenAsText) {
  for (const char* text : {"none", "flip", "shift:2", "flip,shift:64"}) {
    EXPECT_EQ(augmentation_text(parse_augmentation(text)), text);
  }
  for (const char* text : {"", "flop", "shift", "shift:0", "shift:65", "flip,flip", "shift:2,"}) {
    EXPECT_THROW(parse_augmentation(text), Error) << text;
  }
}

TEST(Augmentation, FlipsHalfOfTheImagesLeftToRight) {
  int flipped = 0;
  for (std::uint64_t key = 0; key < 1000; ++key) {
    std::vector<float> image = numbered();
    augment(image, kShape, {.flip = true}, key);
    if (image == numbered()) continue;
    ++flipped;
    for (std::int64_t x = 0; x < kShape.width; ++x) {
      ASSERT_EQ(at(image, 3, x, 2), at(numbered(), 3, kShape.width - 1 - x, 2));
    }
  }
  EXPECT_NEAR(flipped, 500, 60);  // nearly four standard deviations
}

TEST(Augmentation, ShiftsByEachDistanceAndRepeatsEdgePixels) {
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  const std::vector<float> original = numbered();
  for (std::uint64_t key = 0; key < 1000; ++key) {
    std::vector<float> image = original;
    augment(image, kShape, {.shift = 2}, key);
    bool found = false;
    for (std::int64_t down = -2; down <= 2 && !found; ++down) {
      for (std::int64_t right = -2; right <= 2 && !found; ++right) {
        bool same = true;
        for (std::int64_t y = 0; y < kShape.height; ++y) {
          for (std::int64_t x = 0; x < kShape.width; ++x) {
            const std::int64_t from_y = std::clamp<std::int64_t>(y + down, 0, kShape.height - 1);
            const std::int64_t from_x = std::clamp<std::int64_t>(x + right, 0, kShape.width - 1);
            same &= at(image, y, x, 1) == at(original, from_y, from_x, 1);
          }
        }
        if (same) seen.insert({down, right});
        found = same;
      }
    }
    ASSERT_TRUE(found) << "key " << key;
  }
  EXPECT_EQ(seen.size(), 25u) << "five by five distances";
}

TEST(Augmentation, AKeyAloneDecidesIt) {
  std::vector<float> once = numbered(), again = numbered();
  augment(once, kShape, {.flip = true, .shift = 2}, 77);
  augment(again, kShape, {.flip = true, .shift = 2}, 77);
  EXPECT_EQ(once, again);
}

}  // namespace
}  // namespace hourglass
