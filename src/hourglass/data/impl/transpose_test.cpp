#include "hourglass/data/impl/transpose.h"

#include <gmock/gmock.h>

#include "hourglass/data/samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;

TEST(Transpose, SwapsRowsAndColumnsOfEachImage) {
  Bytes pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // two images of 2 x 3
  transpose_images(pixels, ImageShape{1, 2, 3});
  EXPECT_THAT(pixels, ElementsAre(1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12));
  transpose_images(pixels, ImageShape{1, 3, 2});
  EXPECT_THAT(pixels, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

TEST(Transpose, KeepsTheChannelsOfAPixelTogether) {
  Bytes pixels = {1, 2, 3, 4, 5, 6};  // 1 x 2, three channels
  transpose_images(pixels, ImageShape{3, 1, 2});
  EXPECT_THAT(pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Transpose, KeepsLabelsAndNamesOfBytesAndFloats) {
  const ImageShape shape{1, 2, 3};
  const RowSource bytes = transposed(byte_rows({1, 2, 3, 4, 5, 6}, 6, {8}, {"a"}), shape);
  EXPECT_THAT(bytes_of(bytes), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(bytes.labels(), ElementsAre(8));
  EXPECT_THAT(bytes.names(), ElementsAre("a"));
  Tensor values(Shape{1, 6});
  for (std::int64_t i = 0; i < 6; ++i) values[i] = 0.1f * static_cast<float>(i);
  const RowSource floats = transposed(float_rows(std::move(values), {9}), shape);
  std::vector<float> row(6);
  floats.fill(0, row);
  EXPECT_FALSE(floats.keeps_bytes());
  EXPECT_THAT(row, ElementsAre(0.0f, 0.1f * 3, 0.1f, 0.1f * 4, 0.1f * 2, 0.1f * 5));
  EXPECT_THAT(floats.labels(), ElementsAre(9));
  EXPECT_EQ(transposed(RowSource(), shape).count(), 0);
}

}  // namespace
}  // namespace hourglass
