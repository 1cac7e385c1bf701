#include "hourglass/data/split.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

/// Image i is [i, i + 1] and has the label i.
RowSource numbered(std::int64_t count) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < count; ++i) {
    pixels.push_back(static_cast<std::uint8_t>(i));
    pixels.push_back(static_cast<std::uint8_t>(i + 1));
    labels.push_back(i);
  }
  return byte_rows(pixels, 2, labels);
}

TEST(HoldOut, SharesOutEveryImageWithItsLabel) {
  RowSource train = numbered(100);
  const RowSource held = hold_out(train, 30, 7);
  EXPECT_EQ(held.count(), 30);
  EXPECT_EQ(train.count(), 70);
  std::vector<std::int64_t> all = labels_of(held);
  all.insert(all.end(), train.labels().begin(), train.labels().end());
  std::sort(all.begin(), all.end());
  for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i);
  for (const RowSource* split : std::initializer_list<const RowSource*>{&train, &held}) {
    const std::vector<std::int64_t> labels = labels_of(*split);
    EXPECT_TRUE(std::ranges::is_sorted(labels));
    const std::vector<std::uint8_t> bytes = bytes_of(*split);
    ASSERT_EQ(bytes.size(), labels.size() * 2);
    for (std::size_t i = 0; i < labels.size(); ++i) EXPECT_EQ(bytes[2 * i], labels[i]);
  }
}

TEST(HoldOut, DependsOnTheSeedAlone) {
  RowSource a = numbered(100), b = numbered(100), c = numbered(100);
  const auto first = labels_of(hold_out(a, 30, 7));
  EXPECT_EQ(labels_of(hold_out(b, 30, 7)), first);
  EXPECT_NE(labels_of(hold_out(c, 30, 8)), first);
}

TEST(HoldOut, RefusesToTakeAll) {
  RowSource train = numbered(5);
  EXPECT_EQ(hold_out(train, 0, 1).count(), 0);
  EXPECT_EQ(message_of([&] { hold_out(train, 5, 1); }),
            "[data] 5 images to be held out of 5 training images: must be from 0 to 4");
  EXPECT_THROW(hold_out(train, -1, 1), Error);
  EXPECT_EQ(train.count(), 5);
}

TEST(EpochOrder, IsAPermutationThatDependsOnSeedAndEpochAlone) {
  std::vector<std::int64_t> first(1000), again(1000), other(1000), seed(1000), sorted(1000);
  epoch_order(3, 1, first);
  epoch_order(3, 2, other);
  epoch_order(4, 1, seed);
  epoch_order(3, 1, again);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
  EXPECT_NE(first, seed);
  std::iota(sorted.begin(), sorted.end(), 0);
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(sorted));
}

TEST(EpochOrder, IsTheSameOnEveryMachine) {
  std::vector<std::int64_t> order(8);
  epoch_order(42, 1, order);
  EXPECT_THAT(order, testing::ElementsAre(7, 5, 4, 0, 6, 2, 3, 1));
}

TEST(Batches, CoverTheOrderAndTheLastIsShort) {
  std::vector<std::int64_t> order(10);
  std::iota(order.begin(), order.end(), 0);
  EXPECT_EQ(batch_count(10, 4), 3);
  EXPECT_EQ(batch_count(8, 4), 2);
  EXPECT_EQ(batch_count(0, 4), 0);
  EXPECT_THAT(batch_of(order, 0, 4), testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(batch_of(order, 2, 4), testing::ElementsAre(8, 9));
}

}  // namespace
}  // namespace hourglass
