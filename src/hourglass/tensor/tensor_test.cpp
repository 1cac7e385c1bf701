#include "hourglass/tensor/tensor.h"

#include <gmock/gmock.h>

#include <limits>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::Property;
using testing::ThrowsMessage;

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

TEST(Shape, RefusesNegativeSizesAndThoseWhoseProductIsTooLarge) {
  EXPECT_THAT(
      [] {
        Shape({2, -3});
      },
      ThrowsMessage<Error>("[tensor] `sizes` is 2 x -3: must not be negative"));
  EXPECT_THAT(
      [] {
        Shape({kHuge, 2});
      },
      ThrowsMessage<Error>(HasSubstr("their product must be below 2^63")));
  EXPECT_THAT(
      [] {
        Shape({1, 1, 1, 1, 1});
      },
      ThrowsMessage<Error>(HasSubstr("at most 4 axes are possible")));
  EXPECT_EQ(Shape({0, kHuge}).count(), 0);
}

TEST(Tensor, RefusesSizesThatNoMemoryHolds) {
  EXPECT_THAT([] { Tensor(Shape{-1}); }, ThrowsMessage<Error>(HasSubstr("must not be negative")));
  EXPECT_THAT([] { Tensor(Shape{kHuge}); },
              testing::Throws<Error>(Property(&Error::kind, ErrorKind::memory)));
}

TEST(View, RefusesRowsItDoesNotHaveAndAnotherCount) {
  Tensor x(Shape{3, 2});
  EXPECT_EQ(x.view().rows(3, 3).count(), 0);
  for (const auto& [begin, end] : {std::pair(0, 4), {-1, 2}, {2, 1}}) {
    EXPECT_THAT(([&, first = begin, last = end] { x.view().rows(first, last); }),
                ThrowsMessage<Error>(HasSubstr("a view of 3 x 2 does not have them")));
  }
  EXPECT_THAT([&] { x.view().reshaped(Shape{5}); },
              ThrowsMessage<Error>(HasSubstr("`shape` is 5")));
}

}  // namespace
}  // namespace hourglass
