#include "hourglass/data/impl/array_images.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/data/open.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/npz.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

using Bytes = std::vector<std::uint8_t>;
using Labels = std::vector<std::int64_t>;

/// 12 images of 2 x 3: pixel p of image i is 6 i + p.
Bytes counting(std::int64_t channels = 1) {
  Bytes bytes(static_cast<std::size_t>(72 * channels));
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

class ArrayImages : public testing::Test {
 protected:
  fs::path written(const std::vector<std::pair<std::string, ArrayView>>& arrays) {
    NpzWriter npz(file);
    for (const auto& [name, array] : arrays) npz.add(name, array);
    npz.commit();
    return file;
  }
  ArrayView images(Shape shape = {12, 2, 3}) const {
    return {std::span<const std::uint8_t>(pixels).first(static_cast<std::size_t>(shape.count())),
            shape};
  }
  ArrayView labels_as(Shape shape = {12}) const {
    return {std::span<const std::int64_t>(labels), shape};
  }
  std::string complaint(const std::vector<std::pair<std::string, ArrayView>>& arrays) {
    return message_of([&] { read_array_images(written(arrays)); });
  }

  TemporaryFolder folder;
  fs::path file = folder.path() / "faces.npz";
  Bytes pixels = counting(3);
  Labels labels{0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2};
};

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

TEST_F(ArrayImages, RealNumbersFromZeroToOneAndOtherWholeOnesBecomeBytes) {
  std::vector<float> reals;
  Labels wide;
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
  reals[40] = 1.5F;
  EXPECT_THAT(complaint({{"images", {std::span<const float>(reals), Shape{12, 2, 3}}}}),
              HasSubstr("faces.npz:images holds 1.5 in image 6 (from 0): real numbers have to be "
                        "in [0, 1]"));
  wide[3] = 256;
  EXPECT_THAT(complaint({{"images", {std::span<const std::int64_t>(wide), Shape{12, 2, 3}}}}),
              HasSubstr("faces.npz:images holds 256: whole numbers have to be in [0, 255]"));
}

TEST_F(ArrayImages, WhatIsNoDataSetIsRefusedByTheArraysName) {
  EXPECT_THAT(complaint({{"pictures", images()}}),
              HasSubstr("faces.npz has no array images: name its arrays images and labels"));
  EXPECT_THAT(complaint({{"train_images", images()}}),
              HasSubstr("faces.npz has no array test_images"));
  EXPECT_THAT(complaint({{"images", images({12, 6})}}),
              HasSubstr("faces.npz:images has the shape 12 x 6: images are n x height x width"));
  EXPECT_THAT(complaint({{"images", images({12, 2, 2, 2})}}),
              HasSubstr("faces.npz:images has the shape 12 x 2 x 2 x 2"));
  EXPECT_THAT(complaint({{"images", images({5, 2, 3})}}),
              HasSubstr("leaves no image to test with"));
  EXPECT_THAT(complaint({{"images", images({0, 2, 3})}}), HasSubstr("images has no images"));
  EXPECT_THAT(complaint({{"images", images({11, 2, 3})}, {"labels", labels_as()}}),
              HasSubstr("faces.npz:labels has the shape 12: 11 labels are needed"));
  EXPECT_THAT(complaint({{"train_images", images()}, {"test_images", images({12, 3, 2})}}),
              HasSubstr("they do not belong together"));
  labels[3] = 1000;
  EXPECT_THAT(complaint({{"images", images()}, {"labels", labels_as()}}),
              HasSubstr("faces.npz:labels holds 1000: labels are whole numbers from 0 to 999"));
  labels[3] = -1;
  EXPECT_THAT(complaint({{"images", images()}, {"labels", labels_as()}}), HasSubstr("holds -1"));
}

}  // namespace
}  // namespace hourglass
