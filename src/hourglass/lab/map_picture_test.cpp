#include "hourglass/lab/map_picture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;

/// Points (i, 2 i) for i below n.
Tensor line(std::int64_t n) {
  Tensor map({n, 2});
  for (std::int64_t i = 0; i < n; ++i) {
    map[2 * i] = static_cast<float>(i);
    map[2 * i + 1] = static_cast<float>(2 * i);
  }
  return map;
}

TEST(MapPicture, ValuesShadeTheirPointsFromTheLargestToTheSmallest) {
  const std::vector<double> values{10, 30, 20, -10};
  const MapPicture picture = value_picture_of(line(4), values, "age", 1);
  ASSERT_EQ(picture.figure.shades.size(), 4u);
  for (std::int64_t k = 0; k < 4; ++k) {
    const auto i = static_cast<std::size_t>(picture.points[2 * k]);
    EXPECT_FLOAT_EQ(picture.figure.shades[static_cast<std::size_t>(k)],
                    static_cast<float>((30 - values[i]) / 40));
  }
  EXPECT_EQ(picture.figure.bar.title, "age");
  const auto& ticks = picture.figure.bar.ticks;
  ASSERT_FALSE(ticks.empty());
  EXPECT_EQ(ticks.front().text,
            "\xE2\x88\x92"
            "10");
  EXPECT_EQ(ticks.front().position, 1.0);
  EXPECT_EQ(ticks.back().text, "30");
  EXPECT_EQ(ticks.back().position, 0.0);
  EXPECT_THAT(picture.figure.labels, testing::IsEmpty());
}

TEST(MapPicture, EqualValuesHaveOneColourAndOneNumber) {
  const std::vector<double> values(4, 2.5);
  const MapPicture picture = value_picture_of(line(4), values, "age", 1);
  EXPECT_THAT(picture.figure.shades, testing::Each(0.5f));
  ASSERT_EQ(picture.figure.bar.ticks.size(), 1u);
  EXPECT_EQ(picture.figure.bar.ticks[0].text, "2.5");
  EXPECT_EQ(message_of([&] { value_picture_of(line(3), values, "age", 1); }),
            "[plot] there are 4 values for 3 rows");
}

TEST(MapPicture, PointsKeepTheirLabelsInADrawingOrderThatTheSeedDecides) {
  const Tensor map = line(50);
  std::vector<std::int64_t> labels(50);
  for (std::size_t i = 0; i < 50; ++i) labels[i] = static_cast<std::int64_t>(i % 3);
  const MapPicture picture = picture_of(map, labels, {"a", "b", "c"}, 1);
  std::vector<bool> seen(50);
  for (std::int64_t k = 0; k < 50; ++k) {
    const auto i = static_cast<std::size_t>(picture.points[2 * k]);
    EXPECT_EQ(picture.points[2 * k + 1], static_cast<float>(2 * i));
    EXPECT_EQ(picture.figure.labels[static_cast<std::size_t>(k)], labels[i]);
    seen[i] = true;
  }
  EXPECT_EQ(std::ranges::count(seen, true), 50);
  EXPECT_THAT(picture.figure.counts, ElementsAre(17, 17, 16));
  const auto points = [&](std::uint64_t seed) {
    const MapPicture p = picture_of(map, labels, {"a", "b", "c"}, seed);
    return std::vector<float>(p.points.span().begin(), p.points.span().end());
  };
  EXPECT_EQ(points(1), points(1));
  EXPECT_NE(points(1), points(2));
}

TEST(MapPicture, AHundredClassesHaveTheirNamesInTheMap) {
  std::vector<std::int64_t> labels(100);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 100; ++i) {
    labels[i] = static_cast<std::int64_t>(i);
    names.push_back(std::to_string(i));
  }
  const MapPicture picture = picture_of(line(100), labels, names, 1);
  ASSERT_EQ(picture.label_positions.count(), 200);
  EXPECT_EQ(picture.label_positions[2 * 99], 99.0f);
}

TEST(MapPicture, AMapOfOneColumnLiesAlongTheXAxisInANarrowBand) {
  Tensor map({20, 1});
  std::iota(map.span().begin(), map.span().end(), 0.0f);
  const MapPicture picture = picture_of(map, {}, {}, 3);
  for (std::int64_t k = 0; k < 20; ++k) EXPECT_LE(std::abs(picture.points[2 * k + 1]), 1.9f);
  std::vector<float> x;
  for (std::int64_t k = 0; k < 20; ++k) x.push_back(picture.points[2 * k]);
  std::ranges::sort(x);
  EXPECT_TRUE(std::ranges::equal(x, map.span()));
}

TEST(MapPicture, AClassOfTwoIslandsHasItsNameOnTheDenserOne) {
  Tensor map({21, 2});
  for (std::int64_t i = 0; i < 21; ++i) {
    // One lone point halfway, five at (0, 0) and fifteen at (10, 0).
    map[2 * i] = i == 0 ? 5.0f : i < 6 ? 0.0f : 10.0f;
    map[2 * i + 1] = 0.01f * static_cast<float>(i);
  }
  const std::vector<std::int64_t> labels(21, 0);
  const Tensor positions = densest_positions(map, labels, 2);
  EXPECT_EQ(positions[0], 10.0f);
  EXPECT_TRUE(std::isnan(positions[2])) << "a class without members has no position";
}

TEST(MapPicture, TheLeastTrustworthyPointsAreDrawnLastAndDarkest) {
  const Tensor map = line(4);
  const std::vector<float> trust{0.6f, 1.0f, std::nanf(""), 0.9f};
  const MapPicture picture = trust_picture_of(map, {}, {}, 1, trust);
  std::vector<float> order;
  for (std::int64_t k = 0; k < 4; ++k) order.push_back(picture.points[2 * k]);
  EXPECT_THAT(order, ElementsAre(2, 1, 3, 0));
  EXPECT_TRUE(std::isnan(picture.figure.shades[0]));
  EXPECT_TRUE(std::is_sorted(picture.figure.shades.begin() + 1, picture.figure.shades.end()));
}

TEST(MapPicture, WhatCannotBeDrawnIsRefused) {
  EXPECT_EQ(message_of([] {
              picture_of(Tensor({4, 3}), {}, {}, 0);
            }),
            "[plot] a map of shape 4 x 3 cannot be drawn: it must have 1 or 2 columns and some "
            "rows");
  const std::vector<std::int64_t> labels{0, 0};
  EXPECT_EQ(message_of([&] { picture_of(line(3), labels, {"a"}, 0); }),
            "[plot] there are 2 labels for 3 rows: give one label for each row");
}

}  // namespace
}  // namespace hourglass
