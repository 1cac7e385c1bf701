#include "hourglass/lab/joined_rows.h"

#include <gmock/gmock.h>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::ElementsAre;

TEST(JoinedRows, AreTheRowsLabelsAndNamesOfBothInOrder) {
  const RowSource a = byte_rows({0, 51, 102, 153}, 2, {4, 5}, {"a", "b"});
  const RowSource b = byte_rows({204, 255}, 2, {6}, {"c"});
  const RowSource both = joined_rows(a, b);
  EXPECT_EQ(both.count(), 3);
  EXPECT_TRUE(both.keeps_bytes());
  EXPECT_THAT(both.labels(), ElementsAre(4, 5, 6));
  EXPECT_THAT(both.names(), ElementsAre("a", "b", "c"));
  Tensor room({3, 2});
  EXPECT_THAT(both.rows(0, 3, room).span(), ElementsAre(0.0f, 0.2f, 0.4f, 0.6f, 0.8f, 1.0f));
  std::vector<std::uint8_t> bytes(2);
  both.fill_bytes(2, bytes);
  EXPECT_THAT(bytes, ElementsAre(204, 255));
  const Tensor real({1, 2});
  EXPECT_FALSE(joined_rows(a, real).keeps_bytes());
  EXPECT_TRUE(joined_rows(a, real).labels().empty());
  EXPECT_EQ(joined_rows(a, {}).count(), 2);
  EXPECT_THROW(joined_rows(a, Tensor({1, 3})), Error);
}

}  // namespace
}  // namespace hourglass
