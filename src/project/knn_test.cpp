#include "project/knn.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "../tests/golden/golden.h"
#include "base/error.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// The plain way: all distances in double, sorted.
std::vector<std::int32_t> plain(ConstView reference, ConstView queries, std::int64_t q, int k,
                                bool leave_out_self) {
  std::vector<std::pair<double, std::int32_t>> all;
  for (std::int64_t r = 0; r < reference.size(0); ++r) {
    if (leave_out_self && r == q) continue;
    double sum = 0;
    for (std::int64_t j = 0; j < reference.size(1); ++j) {
      const double difference = static_cast<double>(queries.row(q)[static_cast<std::size_t>(j)]) -
                                static_cast<double>(reference.row(r)[static_cast<std::size_t>(j)]);
      sum += difference * difference;
    }
    all.emplace_back(sum, static_cast<std::int32_t>(r));
  }
  std::sort(all.begin(), all.end());
  std::vector<std::int32_t> indices;
  for (int i = 0; i < k; ++i) indices.push_back(all[static_cast<std::size_t>(i)].second);
  return indices;
}

void expect_plain(ConstView x, int k, const char* what) {
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, k, pool);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    ASSERT_THAT(found.indices_of(i), ElementsAreArray(plain(x, x, i, k, true)))
        << what << ", row " << i;
  }
}

TEST(Knn, FindsWhatAllDistancesSortedGive) {
  for (const std::int64_t columns : {1, 2, 7, 33}) {
    expect_plain(golden::noise(11, Shape{1100, columns}), 15, "noise");
  }
}

TEST(Knn, DataFarFromZeroAreFoundAsExactly) {
  Tensor x = golden::noise(12, Shape{300, 3});
  for (float& value : x.span()) value += 1e5f;  // distances are a handful of last bits
  expect_plain(x, 10, "far");
}

TEST(Knn, ValuesWhoseSquaresOverflowAreFoundAsExactly) {
  Tensor x = golden::noise(13, Shape{100, 4});
  for (float& value : x.span()) value *= 3e38f;
  expect_plain(x, 5, "huge");
}

TEST(Knn, OfEquallyNearOnesTheLowerIndexComesFirst) {
  const Tensor x(Shape{50, 3});  // all zero
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, 3, pool);
  EXPECT_THAT(found.indices_of(0), ElementsAre(1, 2, 3));
  EXPECT_THAT(found.indices_of(2), ElementsAre(0, 1, 3));
  EXPECT_THAT(found.distances_of(2), ElementsAre(0.0f, 0.0f, 0.0f));
  Tensor coarse = golden::noise(14, Shape{400, 2});
  for (float& value : coarse.span()) value = std::floor(value * 4);  // 16 places, many ties
  expect_plain(coarse, 30, "coarse");
}

TEST(Knn, ARowsBitsDependNeitherOnItsCompanyNorOnThreads) {
  const Tensor reference = golden::noise(15, Shape{2500, 32});
  const Tensor queries = golden::noise(16, Shape{200, 32});
  ThreadPool one(1);
  const Neighbours expected = nearest_neighbours(reference, queries, 10, one);
  for (const int threads : {2, 3, 8}) {
    ThreadPool pool(threads);
    const Neighbours found = nearest_neighbours(reference, queries, 10, pool);
    EXPECT_EQ(found.indices, expected.indices) << threads;
    EXPECT_EQ(found.distances, expected.distances) << threads;
  }
  for (const std::int64_t i : {0, 77, 199}) {
    const Neighbours alone = nearest_neighbours(reference, queries.view().rows(i, i + 1), 10, one);
    EXPECT_THAT(alone.indices, ElementsAreArray(expected.indices_of(i)));
    EXPECT_THAT(alone.distances, ElementsAreArray(expected.distances_of(i)));
    EXPECT_THAT(expected.indices_of(i), ElementsAreArray(plain(reference, queries, i, 10, false)));
  }
}

TEST(Knn, ImpossibleSizesAndValuesAreNamed) {
  Tensor x = golden::noise(17, Shape{8, 2});
  ThreadPool pool(1);
  EXPECT_THAT([&] { nearest_neighbours(x, 8, pool); },
              ThrowsMessage<Error>(HasSubstr("8 neighbours asked for among 7 other rows")));
  EXPECT_THAT(
      [&] {
        nearest_neighbours(x, x.view().reshaped(Shape{4, 4}), 1, pool);
      },
      ThrowsMessage<Error>(HasSubstr("has 2 columns and the queries have 4")));
  x[5] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT([&] { nearest_neighbours(x, 1, pool); },
              ThrowsMessage<Error>(HasSubstr("row 2, column 1 is -inf")));
}

}  // namespace
}  // namespace hourglass
