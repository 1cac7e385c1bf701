#include "project/trustworthiness.h"

#include <gmock/gmock.h>

#include "../tests/golden/golden.h"
#include "base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Tensor first_two_columns(ConstView x) {
  Tensor map(Shape{x.size(0), 2});
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    map[2 * i] = x[i * x.size(1)];
    map[2 * i + 1] = x[i * x.size(1) + 1];
  }
  return map;
}

TEST(Trustworthiness, IsThatOfScikitLearn) {
  const Tensor x = golden::noise(2, Shape{200, 5});
  const Tensor map = first_two_columns(x);
  const auto expected = golden::read("projections.txt").at("trustworthiness");
  ThreadPool pool(2);
  EXPECT_NEAR(trustworthiness(x, map, pool, 1), expected[0], 1e-8);
  EXPECT_NEAR(trustworthiness(x, map, pool, 5), expected[1], 1e-8);
  EXPECT_NEAR(trustworthiness(x, map, pool, 15), expected[2], 1e-8);
}

TEST(Trustworthiness, OfTheDataThemselvesIsOne) {
  const Tensor x = golden::noise(3, Shape{100, 3});
  ThreadPool pool(1);
  EXPECT_EQ(trustworthiness(x, x, pool), 1.0);
  const Tensor equal(Shape{50, 2});
  EXPECT_EQ(trustworthiness(equal, equal, pool), 1.0);
}

TEST(Trustworthiness, ThreadsDoNotChangeABit) {
  const Tensor x = golden::noise(4, Shape{700, 4});
  const Tensor map = first_two_columns(x);
  ThreadPool one(1), three(3);
  EXPECT_EQ(trustworthiness(x, map, one), trustworthiness(x, map, three));
}

TEST(Trustworthiness, ImpossibleSizesAreNamed) {
  const Tensor x = golden::noise(5, Shape{20, 4});
  ThreadPool pool(1);
  EXPECT_THAT([&] { trustworthiness(x, x, pool, 10); },
              ThrowsMessage<Error>(HasSubstr("10 neighbours of 20 rows")));
  EXPECT_THAT([&] { trustworthiness(x, x.view().rows(0, 19), pool, 3); },
              ThrowsMessage<Error>(HasSubstr("20 rows and the map 19")));
  EXPECT_THAT(
      [&] {
        trustworthiness(Tensor(Shape{20001, 1}), Tensor(Shape{20001, 1}), pool, 3);
      },
      ThrowsMessage<Error>(HasSubstr("at most 20000")));
}

}  // namespace
}  // namespace hourglass
