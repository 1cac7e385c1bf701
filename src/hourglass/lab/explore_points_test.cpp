#include "hourglass/lab/explore_points.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "hourglass/base/message_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ChosenRows, AreAllWithoutALimitOrWithALargeOne) {
  EXPECT_THAT(chosen_rows(3, {}, 0, 1), ElementsAre(0, 1, 2));
  EXPECT_THAT(chosen_rows(3, {}, 3, 1), ElementsAre(0, 1, 2));
  EXPECT_THAT(chosen_rows(3, {}, 9, 1), ElementsAre(0, 1, 2));
}

TEST(ChosenRows, AreSpreadOverTheClasses) {
  std::vector<std::int64_t> labels(1000, 0);
  for (std::size_t i = 0; i < 5; ++i) labels[99 * i] = 1;
  for (std::size_t i = 0; i < 300; ++i) labels[10 + 3 * i] = 2;
  std::map<std::int64_t, int> counts;
  for (const std::int64_t row : chosen_rows(1000, labels, 60, 4)) {
    ++counts[labels[static_cast<std::size_t>(row)]];
  }
  EXPECT_EQ(counts[1], 5) << "all that there are";
  EXPECT_NEAR(counts[0], 27, 1);
  EXPECT_NEAR(counts[2], 28, 1);
}

TEST(ChosenRows, AreAscendingDistinctAndAFunctionOfTheSeed) {
  const auto rows = chosen_rows(1000, {}, 100, 4);
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  EXPECT_EQ(std::set(rows.begin(), rows.end()).size(), 100u);
  EXPECT_EQ(rows, chosen_rows(1000, {}, 100, 4));
  EXPECT_NE(rows, chosen_rows(1000, {}, 100, 5));
}

TEST(ExploreRowsTest, ListsOfAnotherLengthAreRefused) {
  ExploreRows rows;
  rows.rows = Tensor({3, 2});
  rows.labels = {0, 1};
  EXPECT_THAT(message_of([&] { explore_rows(std::move(rows), {}); }), HasSubstr("`labels` is 2"));
}

/// Images of one value each, by the name of their file.
Dataset named_images(const std::vector<std::string>& train, const std::vector<std::string>& test) {
  Dataset data;
  data.name = "folder";
  data.shape = {1, 1, 1};
  const auto rows = [](const std::vector<std::string>& names) {
    std::vector<std::uint8_t> values;
    for (const std::string& name : names) values.push_back(static_cast<std::uint8_t>(name[0]));
    return byte_rows(values, 1, {}, names);
  };
  data.train = rows(train);
  data.test = rows(test);
  return data;
}

std::string values_of(const RowSource& images) {
  std::string values;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    std::uint8_t value = 0;
    images.fill_bytes(i, {&value, 1});
    values += static_cast<char>(value);
  }
  return values;
}

TEST(ImagesOfRows, AreFoundByTheNamesOfTheRows) {
  const Dataset data = named_images({"a.png", "c.png"}, {"b.png"});
  EXPECT_EQ(values_of(images_of_rows(data, {"b.png", "c.png", "b.png"}, 3)), "bcb");
  EXPECT_THAT(message_of([&] {
                images_of_rows(data, {"b.png", "d.png"}, 2);
              }),
              HasSubstr("there is no image d.png in folder"));
}

TEST(ImagesOfRows, WithoutNamesAreTheFilesInTheirOrder) {
  const Dataset data = named_images({"a.png", "c.png", "d.png"}, {"b.png"});
  EXPECT_EQ(values_of(images_of_rows(data, {}, 4)), "abcd");
  EXPECT_THAT(message_of([&] { images_of_rows(data, {}, 5); }),
              HasSubstr("folder has 4 images for 5 rows"));
}

}  // namespace
}  // namespace hourglass
