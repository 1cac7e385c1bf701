#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "hourglass/data/impl/array_images_test.h"
#include "hourglass/data/open.h"
#include "hourglass/interop/npy.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

TEST_F(ArrayImages, EachSixthOfAClassIsTest) {
  for (const Shape& shape : {Shape{12}, Shape{12, 1}}) {
    const Dataset data =
        read_array_images(written({{"images", images()}, {"labels", labels_as(shape)}}));
    EXPECT_EQ(data.name, "faces");
    EXPECT_EQ(data.shape, (ImageShape{1, 2, 3}));
    EXPECT_THAT(data.class_names, ElementsAre("0", "1", "2"));
    EXPECT_EQ(data.train.count(), 10);
    EXPECT_THAT(labels_of(data.test), ElementsAre(0, 2));
    EXPECT_THAT(bytes_of(data.test), ElementsAre(60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71));
  }
}

TEST_F(ArrayImages, WithoutLabelsAllAreOfOneClassAsInAnNpy) {
  const Dataset data = read_array_images(written({{"images", images()}}));
  EXPECT_THAT(data.class_names, ElementsAre("0"));
  EXPECT_THAT(bytes_of(data.test), ElementsAre(30, 31, 32, 33, 34, 35, 66, 67, 68, 69, 70, 71));
  write_npy(folder.path() / "faces.npy", images());
  EXPECT_EQ(open_dataset((folder.path() / "faces.npy").string()).sha256,
            open_dataset(file.string()).sha256);
}

TEST_F(ArrayImages, NamedHalvesAreTakenAsTheyAre) {
  for (const auto& names :
       {std::array{"train_images", "train_labels", "test_images", "test_labels"},
        std::array{"x_train", "y_train", "x_test", "y_test"}}) {
    const Dataset data = read_array_images(written({{names[0], images()},
                                                    {names[1], labels_as()},
                                                    {names[2], images()},
                                                    {names[3], labels_as()}}));
    EXPECT_EQ(labels_of(data.train), labels);
    EXPECT_EQ(labels_of(data.test), labels);
    EXPECT_EQ(bytes_of(data.test), counting());
  }
}

TEST_F(ArrayImages, ChannelsMayStandBehindOrBeforeHeightAndWidth) {
  const Dataset last = read_array_images(written({{"images", images({12, 2, 3, 3})}}));
  EXPECT_EQ(last.shape, (ImageShape{3, 2, 3}));
  EXPECT_THAT(bytes_of(last.train.selected({0, 1, 2, 3, 4})),
              ElementsAreArray(std::span(pixels).first(90)));
  const Bytes two(pixels.begin(), pixels.begin() + 12 * 3 * 2 * 2);
  const Dataset first = read_array_images(
      written({{"images", {std::span<const std::uint8_t>(two), Shape{12, 3, 2, 2}}}}));
  EXPECT_EQ(first.shape, (ImageShape{3, 2, 2}));
  EXPECT_THAT(bytes_of(first.train.selected({0})),
              ElementsAre(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11));
  EXPECT_EQ(bytes_of(read_array_images(written({{"images", images({12, 1, 2, 3})}})).train),
            bytes_of(read_array_images(written({{"images", images({12, 2, 3, 1})}})).train));
}

TEST_F(ArrayImages, BytesDividedBy255AndWholeNumbersBecomeBytes) {
  std::vector<float> reals;
  Numbers wide;
  for (const std::uint8_t byte : counting()) {
    reals.push_back(static_cast<float>(byte) / 255.0F);
    wide.push_back(byte);
  }
  const Dataset bytes = read_array_images(written({{"images", images()}}));
  const auto train_of = [&](const ArrayView& array) {
    return bytes_of(read_array_images(written({{"images", array}})).train);
  };
  EXPECT_EQ(train_of({std::span<const float>(reals), Shape{12, 2, 3}}), bytes_of(bytes.train));
  EXPECT_EQ(train_of({std::span<const std::int64_t>(wide), Shape{12, 2, 3}}),
            bytes_of(bytes.train));
  std::vector<float> whole(counting().size());
  std::ranges::copy(counting(), whole.begin());
  EXPECT_EQ(train_of({std::span<const float>(whole), Shape{12, 2, 3}}), bytes_of(bytes.train));
  // Rounded to 16 bits: 1 / 255 is 0x1c04, 1 is 0x3c00.
  Bytes halves(144, 0);
  halves[2] = 0x04, halves[3] = 0x1c;
  halves[5] = 0x3c;
  const Dataset half =
      read_array_images(written({{"images", {DType::kF16, Shape{12, 2, 3}, halves}}}));
  EXPECT_TRUE(half.train.keeps_bytes());
  const Bytes read = bytes_of(half.train);
  EXPECT_THAT(Bytes(read.begin(), read.begin() + 3), ElementsAre(0, 1, 255));
}

TEST_F(ArrayImages, RealImagesStayReal) {
  std::vector<float> faint(72);
  for (std::size_t i = 0; i < faint.size(); ++i) faint[i] = static_cast<float>(i) * 2e-5F;
  const ArrayView array{std::span<const float>(faint), Shape{12, 2, 3}};
  const Dataset data = read_array_images(written({{"images", array}, {"labels", labels_as()}}));
  EXPECT_FALSE(data.train.keeps_bytes());
  std::vector<float> row(6);
  data.test.fill(0, row);
  EXPECT_THAT(row, ElementsAreArray(std::span(faint).subspan(60, 6)));
  EXPECT_THAT(labels_of(data.test), ElementsAre(0, 2));
  // Fainter than any byte, and the same in 16 bits.
  for (float& value : faint) value *= 1e-6F;
  EXPECT_FALSE(read_array_images(written({{"images", array}})).train.keeps_bytes());
  // Real values beside bytes: both are real.
  const Dataset mixed =
      read_array_images(written({{"train_images", images()}, {"test_images", array}}));
  EXPECT_FALSE(mixed.train.keeps_bytes());
  mixed.train.fill(1, row);
  EXPECT_THAT(row[3], 9.0F / 255.0F);
}

TEST_F(ArrayImages, RealImagesOfAnotherSizeAreResized) {
  std::vector<float> reals(12 * 2 * 4);
  for (std::size_t i = 0; i < reals.size(); ++i) reals[i] = static_cast<float>(i) / 1024.0F;
  const auto path = written({{"images", {std::span<const float>(reals), Shape{12, 2, 4}}}});
  OpenOptions options;
  options.image_size = ImageSize{1, 2};
  const Dataset data = open_dataset(path.string(), options);
  EXPECT_EQ(data.shape, (ImageShape{1, 1, 2}));
  std::vector<float> row(2);
  data.train.fill(0, row);
  EXPECT_THAT(row, ElementsAre(2.5F / 1024.0F, 4.5F / 1024.0F));
}

TEST_F(ArrayImages, RealChannelsMayStandBeforeHeightAndWidth) {
  std::vector<float> reals(12 * 12);
  for (std::size_t i = 0; i < reals.size(); ++i) reals[i] = static_cast<float>(i) / 1000.0F;
  const Dataset data =
      read_array_images(written({{"images", {std::span<const float>(reals), Shape{12, 3, 2, 2}}}}));
  std::vector<float> row(12);
  data.train.fill(0, row);
  EXPECT_THAT(row, ElementsAre(0.0F, 0.004F, 0.008F, 0.001F, 0.005F, 0.009F, 0.002F, 0.006F, 0.01F,
                               0.003F, 0.007F, 0.011F));
}

TEST_F(ArrayImages, ImagesOf16BitsAreRealAndTheNoteSaysTheirScale) {
  Bytes wide(144, 0);
  wide[2] = 0x00, wide[3] = 0x80;  // 32768, the second pixel
  const Dataset data =
      read_array_images(written({{"images", {DType::kU16, Shape{12, 2, 3}, wide}}}));
  std::vector<float> row(6);
  data.train.fill(0, row);
  EXPECT_EQ(row[1], static_cast<float>(32768.0 / 65535.0));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("whole numbers of 16 bits up to 32768: its pixels "
                                                "are them divided by 65535")));
  wide[3] = 0;
  wide[2] = 200;
  EXPECT_TRUE(read_array_images(written({{"images", {DType::kU16, Shape{12, 2, 3}, wide}}}))
                  .train.keeps_bytes());
}

TEST_F(ArrayImages, NumbersBeyondPixelsAreRefusedWithTheirRangeAndARemedy) {
  std::vector<float> reals(72, 0.5F);
  const auto refusal = [&](float low, float high) {
    reals[3] = low;
    reals[40] = high;
    return complaint({{"images", {std::span<const float>(reals), Shape{12, 2, 3}}}});
  };
  EXPECT_THAT(refusal(0.0F, 1.5F),
              HasSubstr("faces.npz:images holds numbers from 0 to 1.5: pixels are in [0, 1], "
                        "or whole numbers in [0, 255]: divide them by 255"));
  EXPECT_THAT(refusal(-1.0F, 1.0F), HasSubstr("from -1 to 1: pixels are in [0, 1], or whole "
                                              "numbers in [0, 255]: take (x + 1) / 2"));
  EXPECT_THAT(refusal(-3.0F, 900.0F), HasSubstr("take (x - x.min()) / (x.max() - x.min())"));
  EXPECT_THAT(
      refusal(0.0F, std::numeric_limits<float>::quiet_NaN()),
      HasSubstr("faces.npz:images holds nan in image 6 (from 0): pixels are finite numbers"));
  Numbers wide(72, 7);
  wide[3] = 256;
  EXPECT_THAT(complaint({{"images", {std::span<const std::int64_t>(wide), Shape{12, 2, 3}}}}),
              HasSubstr("faces.npz:images holds whole numbers from 7 to 256: pixels are in [0, "
                        "255], or uint16 in [0, 65535], or real numbers in [0, 1]"));
}

TEST_F(ArrayImages, BytesOfZeroAndOneAreSaidToBeNearlyBlack) {
  const Bytes ones(72, 1);
  const ArrayView array{std::span<const std::uint8_t>(ones), Shape{12, 2, 3}};
  EXPECT_THAT(read_array_images(written({{"images", array}})).notes,
              ElementsAre(HasSubstr("its images are nearly black")));
  const Dataset booleans =
      read_array_images(written({{"images", {DType::kBool, Shape{12, 2, 3}, ones}}}));
  EXPECT_THAT(booleans.notes, testing::IsEmpty());
  EXPECT_EQ(bytes_of(booleans.train)[0], 255);
}

TEST_F(ArrayImages, RowsOfPixelsAreImagesOfTheSizeGiven) {
  const std::filesystem::path path = written({{"X", images({12, 6})}, {"y", labels_as()}});
  const Dataset data = read_array_images(path, ImageSize{2, 3});
  EXPECT_EQ(data.shape, (ImageShape{1, 2, 3}));
  EXPECT_EQ(data.sha256, "");
  EXPECT_THAT(bytes_of(data.test), ElementsAre(60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71));
  OpenOptions options;
  options.image_size = ImageSize{2, 3};
  const std::string sha256 = open_dataset(path.string(), options).sha256;
  written({{"images", images()}, {"labels", labels_as()}});
  EXPECT_EQ(open_dataset(file.string()).sha256, sha256);
  const auto refusal = [&](std::optional<ImageSize> size, Shape shape) {
    written({{"X", images(shape)}});
    return message_of([&] { read_array_images(file, size); });
  };
  EXPECT_THAT(refusal({}, {12, 9}),
              HasSubstr("faces.npz:X has rows of 9 numbers: give `image_size` HxW, as 3x3, for "
                        "their height and width"));
  EXPECT_THAT(refusal({}, {12, 6}), HasSubstr("give `image_size` HxW for their height and width"));
  EXPECT_THAT(refusal(ImageSize{2, 2}, {12, 6}),
              HasSubstr("has rows of 6 numbers, but `image_size` 2 x 2 is of 4 pixels"));
  EXPECT_THAT(refusal(ImageSize{1, 2}, {12, 6}),
              HasSubstr("reshape coloured images to n x height x width x 3"));
}

TEST_F(ArrayImages, WhatIsNoDataSetIsRefusedByTheArraysName) {
  EXPECT_THAT(complaint({{"pictures", labels_as()}}),
              HasSubstr("faces.npz has no array images: name its arrays images and labels"));
  EXPECT_THAT(complaint({{"train_images", images()}}),
              HasSubstr("faces.npz has no array test_images"));
  EXPECT_THAT(complaint({{"images", images({12})}}),
              HasSubstr("faces.npz:images has the shape 12: images are n x height x width"));
  EXPECT_THAT(complaint({{"images", images({12, 2, 2, 2})}}),
              HasSubstr("faces.npz:images has the shape 12 x 2 x 2 x 2"));
  EXPECT_THAT(complaint({{"images", images({5, 2, 3})}}),
              HasSubstr("leaves no image to test with"));
  EXPECT_THAT(complaint({{"images", images({0, 2, 3})}}), HasSubstr("images has no images"));
  EXPECT_THAT(complaint({{"images", images({11, 2, 3})}, {"labels", labels_as()}}),
              HasSubstr("faces.npz:labels has the shape 12: 11 labels are needed"));
  EXPECT_THAT(complaint({{"train_images", images()}, {"test_images", images({12, 3, 2})}}),
              HasSubstr("faces.npz:train_images has images of 1 x 2 x 3, but "));
}

}  // namespace
}  // namespace hourglass
