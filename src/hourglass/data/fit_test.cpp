#include "hourglass/data/fit.h"

#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/data/image.h"
#include "hourglass/data/samples_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Fit, WordsAreReadAndSaidAndOthersRefused) {
  for (const char* word : {"stretch", "crop", "pad"}) {
    EXPECT_EQ(fit_name(parse_fit(word)), word);
  }
  EXPECT_EQ(message_of([] { parse_fit("cut"); }),
            "[data] `fit` is cut: must be stretch, crop or pad");
  for (const char* word : {"auto", "black", "white", "#0a10ff"}) {
    EXPECT_EQ(background_name(parse_background(word)), word);
  }
  EXPECT_EQ(background_name(parse_background("#FFFFFF")), "white");
  for (const char* word : {"", "grey", "#fff", "#12345g", "#+1+1+1", "0a10ff"}) {
    EXPECT_THAT(message_of([&] { parse_background(word); }), HasSubstr("`background` is")) << word;
  }
}

TEST(Fit, CropTakesTheMiddleOfTheNewAspect) {
  const ByteImage wide{{1, 1, 5}, {1, 2, 3, 4, 5}};
  const auto fitted = [](const ByteImage& image, ImageSize size, ImageFit fit) {
    return bytes_of(fit_rows(byte_rows(image.pixels, image.shape.pixels()), image.shape, size, fit,
                             parse_background("white")));
  };
  EXPECT_THAT(fitted(wide, {1, 1}, ImageFit::crop), ElementsAre(3));
  EXPECT_THAT(fitted(wide, {1, 3}, ImageFit::crop), ElementsAre(2, 3, 4));
  EXPECT_THAT(fitted({{1, 4, 1}, {9, 8, 7, 6}}, {1, 1}, ImageFit::crop), ElementsAre(8));
}

TEST(Fit, PadKeepsTheWholeImageInTheMiddleOfTheBackground) {
  const RowSource rows = byte_rows({10, 30}, 2, {4}, {"a.png"});
  const RowSource padded =
      fit_rows(rows, {1, 1, 2}, {4, 4}, ImageFit::pad, parse_background("white"));
  EXPECT_THAT(bytes_of(padded),
              ElementsAre(255, 255, 255, 255, 10, 15, 25, 30, 10, 15, 25, 30, 255, 255, 255, 255));
  EXPECT_THAT(labels_of(padded), ElementsAre(4));
  EXPECT_EQ(padded.names()[0], "a.png");
}

TEST(Fit, RealValuesStayReal) {
  Tensor values(Shape{1, 2});
  values[0] = 0.25F;
  values[1] = 0.75F;
  const RowSource fitted =
      fit_rows(RowSource(std::move(values)), {1, 1, 2}, {1, 1}, ImageFit::stretch, Background{});
  EXPECT_FALSE(fitted.keeps_bytes());
  float value = 0.0F;
  fitted.fill(0, {&value, 1});
  EXPECT_EQ(value, 0.5F);
}

TEST(Fit, RefusesAColourAroundGreyImages) {
  EXPECT_THAT(message_of([] {
                fit_rows(byte_rows({1, 2}, 2), {1, 1, 2}, {2, 2}, ImageFit::pad,
                         parse_background("#ff0000"));
              }),
              HasSubstr("`background` is #ff0000: the images are grey"));
}

}  // namespace
}  // namespace hourglass
