#include "hourglass/data/resize.h"

#include <gmock/gmock.h>

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
