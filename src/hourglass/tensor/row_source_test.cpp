#include <gmock/gmock.h>

#include "hourglass/base/error.h"
#include "hourglass/tensor/rows_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

std::vector<float> row_of(const RowSource& rows, std::int64_t row) {
  std::vector<float> out(static_cast<std::size_t>(rows.columns()));
  rows.fill(row, out);
  return out;
}

std::vector<std::string> names_of(const RowSource& rows) {
  return {rows.names().begin(), rows.names().end()};
}

Tensor counting(std::int64_t n, std::int64_t columns) {
  Tensor x({n, columns});
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = static_cast<float>(i) / 16.0f;
  return x;
}

TEST(RowSource, FillsBytesDividedBy255) {
  std::vector<std::uint8_t> bytes(256);
  for (int i = 0; i < 256; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
  const RowSource rows = byte_rows(bytes, 128);
  EXPECT_EQ(rows.count(), 2);
  EXPECT_EQ(rows.columns(), 128);
  EXPECT_TRUE(rows.keeps_bytes());
  EXPECT_EQ(bytes_of(rows), bytes);
  const std::vector<float> second = row_of(rows, 1);
  for (int i = 0; i < 128; ++i) {
    EXPECT_EQ(second[static_cast<std::size_t>(i)], static_cast<float>(128 + i) / 255.0f) << i;
  }
}

TEST(RowSource, ABlockOfBytesIsConvertedInTheGivenRoom) {
  const RowSource rows = byte_rows({0, 255, 51, 0, 102, 255}, 2);
  Tensor room({2, 2});
  const ConstView made = rows.rows(1, 3, room);
  EXPECT_EQ(made.data(), room.data());
  EXPECT_EQ(made.shape(), (Shape{2, 2}));
  EXPECT_THAT(made.span(), ElementsAre(0.2f, 0.0f, 0.4f, 1.0f));
}

TEST(RowSource, ABlockOfFloatsIsAViewOfTheStorage) {
  const Tensor x = counting(5, 3);
  const RowSource borrowed = x, owned = x.clone();
  for (const RowSource* rows : {&borrowed, &owned}) {
    EXPECT_EQ(rows->count(), 5);
    EXPECT_EQ(rows->columns(), 3);
    EXPECT_FALSE(rows->keeps_bytes());
    const ConstView block = rows->rows(1, 4, View());
    EXPECT_THAT(block.span(), ElementsAreArray(x.view().rows(1, 4).span()));
    EXPECT_THAT(row_of(*rows, 4), ElementsAreArray(x.row(4)));
    Tensor copy({2, 3});
    rows->fill_rows(2, 4, copy);
    EXPECT_THAT(copy.span(), ElementsAreArray(x.view().rows(2, 4).span()));
  }
  EXPECT_EQ(borrowed.rows(1, 4, View()).data(), x.row(1).data());
}

TEST(RowSource, FloatsBecomeTheNearestByte) {
  Tensor x({1, 6});
  const float values[] = {0.0f, 0.4f / 255, 0.6f / 255, 1.0f, 7.0f, -1.0f};
  std::ranges::copy(values, x.data());
  EXPECT_THAT(bytes_of(x), ElementsAre(0, 0, 1, 255, 255, 0));
}

TEST(RowSource, LabelsAndNamesAreThoseGivenOrNone) {
  const RowSource both = byte_rows({1, 2}, 1, {7, 8}, {"a.png", "b.png"});
  EXPECT_THAT(labels_of(both), ElementsAre(7, 8));
  EXPECT_THAT(names_of(both), ElementsAre("a.png", "b.png"));
  const RowSource labelled = float_rows(counting(2, 2), {3, 4});
  EXPECT_THAT(labels_of(labelled), ElementsAre(3, 4));
  EXPECT_THAT(names_of(labelled), IsEmpty());
  for (const RowSource& bare : {RowSource(counting(2, 2)), byte_rows({1, 2}, 1)}) {
    EXPECT_THAT(labels_of(bare), IsEmpty());
    EXPECT_THAT(names_of(bare), IsEmpty());
  }
}

TEST(RowSource, ASelectionKeepsOrderLabelsAndNames) {
  const RowSource all = byte_rows({10, 20, 30, 40}, 1, {0, 1, 2, 3}, {"a", "b", "c", "d"});
  const RowSource some = all.selected({3, 0, 3}).selected({0, 1});
  EXPECT_EQ(some.count(), 2);
  EXPECT_TRUE(some.keeps_bytes());
  EXPECT_THAT(bytes_of(some), ElementsAre(40, 10));
  EXPECT_THAT(labels_of(some), ElementsAre(3, 0));
  EXPECT_THAT(names_of(some), ElementsAre("d", "a"));
  const Tensor x = counting(4, 2);
  const RowSource floats = RowSource(x).selected({2});
  EXPECT_THAT(row_of(floats, 0), ElementsAreArray(x.row(2)));
  EXPECT_THAT(labels_of(floats), IsEmpty());
  EXPECT_EQ(all.selected({}).count(), 0);
}

TEST(RowSource, OwnsItsRows) {
  RowSource rows;
  EXPECT_EQ(rows.count(), 0);
  EXPECT_THAT(labels_of(rows), IsEmpty());
  {
    RowSource all = counting(3, 2);
    rows = all.selected({1});
  }
  EXPECT_THAT(row_of(rows, 0), ElementsAre(2 / 16.0f, 3 / 16.0f));
}

TEST(RowSource, RefusesOtherShapesThanMatrices) {
  const Tensor line(Shape{4});
  EXPECT_THAT([&] { const RowSource rows = line; },
              testing::ThrowsMessage<Error>(
                  "[rows] the data have shape 4: a matrix of one row per point is needed"));
}

}  // namespace
}  // namespace hourglass
