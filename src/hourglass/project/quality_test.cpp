#include "hourglass/project/quality.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/project/impl/distances.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Tensor first_columns(ConstView x, std::int64_t columns) {
  Tensor map(Shape{x.size(0), columns});
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    std::copy_n(x.row(i).begin(), columns, map.row(i).begin());
  }
  return map;
}

MapQuality quality(ConstView x, ConstView map, const MapQualityOptions& options = {}) {
  ThreadPool pool(2);
  return map_quality(x, map, options, pool);
}

/// The others of row i in the order of their distance.
std::vector<std::int32_t> order_from(ConstView x, std::int64_t i) {
  std::vector<std::int32_t> order;
  std::vector<double> distance;
  for (std::int64_t j = 0; j < x.size(0); ++j) {
    if (j != i) order.push_back(static_cast<std::int32_t>(j));
    distance.push_back(squared_distance(x.row(i).data(), x.row(j).data(), x.size(1)));
  }
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return distance[static_cast<std::size_t>(a)] < distance[static_cast<std::size_t>(b)];
  });
  return order;
}

/// Sorted in full, as the definitions have it.
void expect_brute_force(const MapQuality& found, ConstView x, ConstView map) {
  const int k = found.k;
  const auto n = static_cast<double>(x.size(0));
  const double most = k * (2 * n - 3 * k - 1) / 2;
  for (std::int64_t a = 0; a < std::ssize(found.rows); ++a) {
    const std::int64_t i = found.rows[static_cast<std::size_t>(a)];
    const auto space_order = order_from(x, i), map_order = order_from(map, i);
    const auto excess = [k](const std::vector<std::int32_t>& order,
                            const std::vector<std::int32_t>& of) {
      std::ptrdiff_t sum = 0;
      for (int m = 0; m < k; ++m) {
        const auto at = std::find(order.begin(), order.end(), of[static_cast<std::size_t>(m)]);
        sum += std::max<std::ptrdiff_t>(0, at - order.begin() + 1 - k);
      }
      return static_cast<double>(sum);
    };
    const auto index = static_cast<std::size_t>(a);
    ASSERT_FLOAT_EQ(found.point_trustworthiness[index],
                    static_cast<float>(1 - excess(space_order, map_order) / most))
        << "row " << i;
    ASSERT_FLOAT_EQ(found.point_continuity[index],
                    static_cast<float>(1 - excess(map_order, space_order) / most))
        << "row " << i;
    for (std::size_t m = 0; m < static_cast<std::size_t>(k); ++m) {
      ASSERT_EQ(found.of(found.space_neighbours, a)[m], space_order[m]) << "row " << i;
      ASSERT_EQ(found.of(found.map_neighbours, a)[m], map_order[m]) << "row " << i;
    }
  }
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(MapQuality, EqualsScikitLearn) {
  const Tensor x = golden::noise(2, Shape{200, 5});
  const Tensor map = first_columns(x, 2);
  const auto expected = golden::read("quality.txt");
  const int ks[] = {1, 5, 15};
  for (std::size_t i = 0; i < 3; ++i) {
    const MapQuality found = quality(x, map, {.k = ks[i]});
    EXPECT_NEAR(found.trustworthiness, expected.at("trustworthiness")[i], 1e-8) << ks[i];
    EXPECT_NEAR(found.continuity, expected.at("continuity")[i], 1e-8) << ks[i];
    EXPECT_NEAR(found.neighbour_overlap, expected.at("overlap")[i], 1e-8) << ks[i];
  }
}

TEST(MapQuality, OfEveryPointEqualsFullSorts) {
  // Few and many columns, far from zero, and large and tiny values: three ways to lose digits.
  Tensor x = golden::noise(6, Shape{150, 40});
  for (float& value : x.span()) value += 100.0f;
  expect_brute_force(quality(x, first_columns(x, 3)), x, first_columns(x, 3));
  Tensor large = golden::noise(7, Shape{120, 20}), tiny = golden::noise(8, Shape{120, 2});
  for (float& value : large.span()) value *= 3e38f;
  for (float& value : tiny.span()) value *= 1e-38f;
  expect_brute_force(quality(large, tiny, {.k = 7}), large, tiny);
}

TEST(MapQuality, TiesGoToTheLowerIndex) {
  Tensor x = golden::noise(9, Shape{180, 12});
  for (float& value : x.span()) value = std::floor(value * 1.3f);  // most rows have equals
  const Tensor map = first_columns(x, 5);
  expect_brute_force(quality(x, map), x, map);
  expect_brute_force(quality(map, x), map, x);
}

TEST(MapQuality, OfTheWholeIsTheMeanOfThePoints) {
  const Tensor x = golden::noise(4, Shape{300, 10});
  const MapQuality found = quality(x, first_columns(x, 2));
  EXPECT_FALSE(found.sampled);
  EXPECT_EQ(found.rows.size(), 300u);
  EXPECT_NEAR(found.trustworthiness, mean(found.point_trustworthiness), 1e-6);
  EXPECT_NEAR(found.continuity, mean(found.point_continuity), 1e-6);
  EXPECT_NEAR(found.neighbour_overlap, mean(found.point_overlap), 1e-6);
}

TEST(MapQuality, OfTheDataThemselvesIsOne) {
  const Tensor x = golden::noise(3, Shape{100, 3});
  const Tensor equal(Shape{50, 2});
  for (const MapQuality& found :
       {quality(x, x), quality(equal, equal), quality(equal, Tensor(Shape{50, 20}))}) {
    EXPECT_EQ(found.trustworthiness, 1.0);
    EXPECT_EQ(found.continuity, 1.0);
    EXPECT_EQ(found.neighbour_overlap, 1.0);
  }
}

TEST(MapQuality, ASampleComparesItsRowsWithAllRows) {
  const Tensor x = golden::noise(5, Shape{400, 12});
  const Tensor map = first_columns(x, 2);
  const MapQuality all = quality(x, map);
  const MapQuality some = quality(x, map, {.exact_rows = 399, .sample_rows = 60, .seed = 1});
  ASSERT_TRUE(some.sampled);
  ASSERT_EQ(some.rows.size(), 60u);
  EXPECT_TRUE(std::is_sorted(some.rows.begin(), some.rows.end()));
  for (std::size_t a = 0; a < 60; ++a) {
    const auto i = static_cast<std::size_t>(some.rows[a]);
    EXPECT_EQ(some.point_trustworthiness[a], all.point_trustworthiness[i]) << i;
    EXPECT_EQ(some.point_continuity[a], all.point_continuity[i]) << i;
    EXPECT_EQ(some.point_overlap[a], all.point_overlap[i]) << i;
  }
  EXPECT_NE(some.rows, quality(x, map, {.exact_rows = 399, .sample_rows = 60, .seed = 2}).rows);
}

TEST(MapQuality, CosineEqualsEuclideanOfTheDirections) {
  const Tensor x = golden::noise(11, Shape{200, 6});
  Tensor stretched = x.clone();
  for (std::int64_t i = 0; i < 200; ++i) {
    for (float& value : stretched.row(i)) value *= static_cast<float>(1 + i % 9);
  }
  const Tensor map = first_columns(x, 2);
  const MapQuality found = quality(stretched, map, {.metric = Metric::cosine});
  const MapQuality straight = quality(x, map, {.metric = Metric::cosine});
  EXPECT_NEAR(found.trustworthiness, straight.trustworthiness, 1e-4);
  EXPECT_LT(quality(stretched, map).trustworthiness, found.trustworthiness - 0.01);
}

TEST(MapQuality, ThreadsDoNotChangeABit) {
  const Tensor x = golden::noise(4, Shape{700, 14});
  const Tensor map = first_columns(x, 2);
  ThreadPool one(1), three(3);
  const MapQuality a = map_quality(x, map, {}, one), b = map_quality(x, map, {}, three);
  EXPECT_EQ(a.trustworthiness, b.trustworthiness);
  EXPECT_EQ(a.continuity, b.continuity);
  EXPECT_EQ(a.point_trustworthiness, b.point_trustworthiness);
  EXPECT_EQ(a.map_neighbours, b.map_neighbours);
}

TEST(MapQuality, FewRowsHaveFewNeighbours) {
  const Tensor x = golden::noise(5, Shape{9, 4});
  EXPECT_EQ(quality(x, first_columns(x, 2)).k, 4);
  EXPECT_EQ(quality(x.view().rows(0, 3), first_columns(x, 2).view().rows(0, 3)).k, 1);
}

TEST(MapQuality, ImpossibleSizesAreNamed) {
  const Tensor x = golden::noise(5, Shape{20, 4});
  EXPECT_THAT([&] { quality(x, x.view().rows(0, 19)); },
              ThrowsMessage<Error>(HasSubstr("20 rows and the map 19")));
  EXPECT_THAT([&] { quality(x.view().rows(0, 2), x.view().rows(0, 2)); },
              ThrowsMessage<Error>(HasSubstr("there are 2 rows")));
  EXPECT_THAT([&] { quality(x, x, {.k = 0}); }, ThrowsMessage<Error>(HasSubstr("k is 0")));
  Tensor bad = x.clone();
  bad[5] = std::nanf("");
  EXPECT_THAT([&] { quality(x, bad); }, ThrowsMessage<Error>(HasSubstr("row 1, column 1 is nan")));
}

}  // namespace
}  // namespace hourglass
