#include "hourglass/project/knn.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <utility>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/kernels/each_set_test.h"

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

/// Compares every row, or every `stride`-th: plain() takes most of the time of a test.
void expect_plain(ConstView x, int k, const char* what, std::int64_t stride = 1) {
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, k, pool);
  for (std::int64_t i = 0; i < x.size(0); i += stride) {
    ASSERT_THAT(found.indices_of(i), ElementsAreArray(plain(x, x, i, k, true)))
        << what << ", row " << i;
  }
}

TEST(Knn, EqualsSortingAllDistances) {
  for (const std::int64_t columns : {1, 2, 7, 33}) {
    expect_plain(golden::noise(11, Shape{1100, columns}), 15, "noise");
  }
}

TEST(Knn, IsExactForDataFarFromZero) {
  Tensor x = golden::noise(12, Shape{300, 3});
  for (float& value : x.span()) value += 1e5f;  // distances are a handful of last bits
  expect_plain(x, 10, "far");
}

TEST(Knn, IsExactForValuesWhoseSquaresOverflow) {
  Tensor x = golden::noise(13, Shape{100, 4});
  for (float& value : x.span()) value *= 3e38f;
  expect_plain(x, 5, "huge");
}

TEST(Knn, TiesGoToTheLowerIndex) {
  const Tensor x(Shape{50, 3});  // all zero
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, 3, pool);
  EXPECT_THAT(found.indices_of(0), ElementsAre(1, 2, 3));
  EXPECT_THAT(found.indices_of(2), ElementsAre(0, 1, 3));
  EXPECT_THAT(found.distances_of(2), ElementsAre(0.0f, 0.0f, 0.0f));
  Tensor coarse = golden::noise(14, Shape{400, 2});
  for (float& value : coarse.span()) value = std::floor(value * 4);  // 16 positions, many ties
  expect_plain(coarse, 30, "coarse");
}

TEST(Knn, FewWideRowsAreExactWithTiesAndWithEitherMetric) {
  for (const auto& [rows, columns] : {std::pair{3, 70}, {60, 2000}, {300, 65}, {1024, 65}}) {
    Tensor x = golden::noise(20, Shape{rows, columns});
    std::ranges::copy(x.row(0),
                      x.row(rows - 1).begin());  // a copy: at distance 0, lower index first
    expect_plain(x, std::min(15, rows - 1), "wide", rows > 100 ? 7 : 1);
    ThreadPool one(1), three(3);
    const NeighbourOptions cosine{.k = 2, .metric = Metric::cosine};
    const Neighbours found = nearest_neighbours(x, cosine, one);
    EXPECT_EQ(found.distances_of(0)[0], 0.0f);
    EXPECT_EQ(found.indices, nearest_neighbours(x, cosine, three).indices);
    const Neighbours asked = nearest_neighbours(x, x.view().rows(1, 3), 3, three);
    EXPECT_THAT(asked.indices_of(0), ElementsAreArray(plain(x, x, 1, 3, false)));
    EXPECT_THAT(asked.indices_of(1), ElementsAreArray(plain(x, x, 2, 3, false)));
  }
}

TEST(Knn, FourRowsOf786432ColumnsTakeLessThanTheTimeOfAnEmbedding) {
  const Tensor x = golden::noise(21, Shape{4, 786432});
  ThreadPool pool(1);
  const std::clock_t before = std::clock();
  const Neighbours found = nearest_neighbours(x, 2, pool);
  // 0.01 s; an embedding takes a hundred.
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 5.0);
  EXPECT_TRUE(found.exact);
  EXPECT_THAT(found.indices_of(3), ElementsAreArray(plain(x, x, 3, 2, true)));
}

TEST(Knn, ARowsBitsDependNeitherOnOtherRowsNorOnThreads) {
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

/// Points around a few centres in a space of fewer dimensions than columns, and a little noise.
Tensor planted(std::uint64_t seed, std::int64_t rows, std::int64_t columns) {
  constexpr std::int64_t kDimensions = 6, kCentres = 10;
  const Tensor centres = golden::noise(seed, Shape{kCentres, kDimensions});
  const Tensor offsets = golden::noise(seed + 1, Shape{rows, kDimensions});
  const Tensor directions = golden::noise(seed + 2, Shape{kDimensions, columns});
  Tensor x = golden::noise(seed + 3, Shape{rows, columns});
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      float value = 0.05f * x[i * columns + j];
      for (std::int64_t c = 0; c < kDimensions; ++c) {
        const float coordinate =
            4 * centres[i % kCentres * kDimensions + c] + offsets[i * kDimensions + c];
        value += coordinate * directions[c * columns + j];
      }
      x[i * columns + j] = value;
    }
  }
  return x;
}

TEST(Knn, IsExactForManyColumns) {
  // A stride that shares no factor with the sizes of blocks.
  for (const std::int64_t columns : {65, 200}) {
    expect_plain(planted(21, 700, columns), 15, "planted", 13);
  }
  expect_plain(golden::noise(22, Shape{300, 130}), 15, "no structure", 7);
  Tensor flat = planted(23, 300, 90);  // of rank one, and most columns constant
  for (std::int64_t i = 0; i < 300; ++i) {
    for (std::int64_t j = 1; j < 90; ++j) flat[i * 90 + j] = j < 5 ? flat[i * 90] : 7.0f;
  }
  expect_plain(flat, 15, "flat", 7);
}

TEST(Knn, EveryKernelSetAndNumberOfThreadsGiveTheSameBits) {
  for (const Search search : {Search::exact, Search::candidates}) {
    const Tensor x = planted(31, 3000, 80);
    ThreadPool one(1);
    const Neighbours expected = nearest_neighbours(x, {.search = search}, one);
    for (const int threads : {2, 3, 8}) {
      ThreadPool pool(threads);
      const Neighbours found = nearest_neighbours(x, {.search = search}, pool);
      EXPECT_EQ(found.indices, expected.indices) << threads;
      EXPECT_EQ(found.distances, expected.distances) << threads;
      EXPECT_EQ(found.recall, expected.recall) << threads;
    }
    for (const KernelSetFact& fact : kernel_sets()) {
      // Sets that do not fuse round the images in another way, which exact searches do not show.
      if (!fact.usable || (search == Search::candidates && !fact.fused)) continue;
      const WithKernels chosen(fact.set);
      const Neighbours found = nearest_neighbours(x, {.search = search}, one);
      EXPECT_EQ(found.indices, expected.indices) << fact.name;
      EXPECT_EQ(found.distances, expected.distances) << fact.name;
    }
  }
}

TEST(Knn, CandidatesFindMostNeighboursAndReportTheRecall) {
  const Tensor x = planted(41, 6000, 24);
  ThreadPool pool(2);
  const Neighbours exact = nearest_neighbours(x, {.search = Search::exact}, pool);
  const Neighbours found = nearest_neighbours(x, {.search = Search::candidates}, pool);
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    for (const float distance : found.distances_of(i)) {
      right += distance <= exact.distances_of(i).back() ? 1 : 0;
    }
  }
  const double recall = static_cast<double>(right) / static_cast<double>(x.size(0) * found.k);
  EXPECT_GT(recall, 0.95);
  EXPECT_NEAR(found.recall, recall, 0.02);
  EXPECT_EQ(found.recall_rows, 500);
  EXPECT_THAT(found.how, HasSubstr("recall 0.9"));
  EXPECT_TRUE(exact.exact && !found.exact);
}

TEST(Knn, CopiesOfRowsAreFoundLikeOtherRows) {
  Tensor x = golden::noise(51, Shape{900, 5});
  for (std::int64_t i = 0; i < 900; ++i) {  // groups of one, of thirty and of three hundred
    const std::int64_t like = i % 3 == 0 ? i : i % 3 == 1 ? i % 30 : 2;
    std::ranges::copy(x.row(like), x.row(i).begin());
  }
  expect_plain(x, 40, "copies");
  ThreadPool pool(2);
  const Tensor queries = golden::noise(52, Shape{50, 5});
  const Neighbours found = nearest_neighbours(x, queries, 40, pool);
  for (std::int64_t q = 0; q < 50; ++q) {
    EXPECT_THAT(found.indices_of(q), ElementsAreArray(plain(x, queries, q, 40, false))) << q;
  }
}

TEST(Knn, AHundredThousandEqualRowsTakeNoLongerThanOthers) {
  const Tensor x(Shape{100000, 8});  // compared each with each, this would take minutes
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, 15, pool);
  EXPECT_THAT(found.indices_of(99999), ElementsAreArray(found.indices_of(70000)));
}

TEST(Knn, OneColumnAndTwoRowsAreEnough) {
  expect_plain(golden::noise(61, Shape{2, 1}), 1, "two");
  expect_plain(golden::noise(62, Shape{65, 1}), 64, "all others");
  ThreadPool pool(1);
  const Tensor x = golden::noise(63, Shape{3, 2});
  EXPECT_TRUE(nearest_neighbours(x, x.view().rows(0, 0), 2, pool).indices.empty());
}

TEST(Knn, IsExactForAQueryFarFromAllRows) {
  const Tensor x = golden::noise(64, Shape{200, 80});
  Tensor queries = golden::noise(65, Shape{2, 80});
  for (float& value : queries.row(1)) value *= 1e30f;
  ThreadPool pool(1);
  const Neighbours found = nearest_neighbours(x, queries, 5, pool);
  for (const std::int64_t q : {0, 1}) {
    EXPECT_THAT(found.indices_of(q), ElementsAreArray(plain(x, queries, q, 5, false))) << q;
  }
}

TEST(Knn, CosineDistancesAreThoseOfAnglesAndZeroRowsAreFarFromOthers) {
  Tensor x = golden::noise(71, Shape{300, 7});
  for (float& value : x.span()) value -= 0.5f;
  for (const std::int64_t i : {5, 9}) std::ranges::fill(x.row(i), 0.0f);
  ThreadPool pool(2);
  const Neighbours found = nearest_neighbours(x, {.k = 20, .metric = Metric::cosine}, pool);
  for (std::int64_t i = 0; i < 300; ++i) {
    std::vector<double> all;
    for (std::int64_t r = 0; r < 300; ++r) {
      double product = 0, own = 0, other = 0;
      for (std::size_t j = 0; j < 7; ++j) {
        const auto a = static_cast<double>(x.row(i)[j]), b = static_cast<double>(x.row(r)[j]);
        product += a * b;
        own += a * a;
        other += b * b;
      }
      const bool zero = own == 0 || other == 0;
      if (r != i) all.push_back(zero ? own == other ? 0 : 1 : 1 - product / std::sqrt(own * other));
    }
    std::ranges::sort(all);
    for (std::size_t j = 0; j < 20; ++j) {
      // Unit rows are rounded to floats.
      ASSERT_NEAR(static_cast<double>(found.distances_of(i)[j]), all[j], 1e-6) << i << ", " << j;
    }
  }
  EXPECT_EQ(found.indices_of(5)[0], 9);
  const NeighbourIndex index(x, Metric::cosine, pool);
  const Neighbours alone = index.query(x.view().rows(7, 8), 21, pool);
  EXPECT_EQ(alone.indices_of(0)[0], 7);
  EXPECT_THAT(alone.distances_of(0).subspan(1), ElementsAreArray(found.distances_of(7)));
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
  EXPECT_THAT([&] { nearest_neighbours(x.view().rows(0, 0), 1, pool); },
              ThrowsMessage<Error>(HasSubstr("nothing to search")));
  x[5] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT([&] { nearest_neighbours(x, 1, pool); },
              ThrowsMessage<Error>(HasSubstr("row 2, column 1 is -inf")));
}

}  // namespace
}  // namespace hourglass
