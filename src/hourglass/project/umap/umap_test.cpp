#include "hourglass/project/umap/umap.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"
#include "hourglass/project/knn.h"
#include "hourglass/project/quality.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// n points in groups of 8-dimensional noise, `gap` apart.
Tensor grouped(std::int64_t n, std::int64_t groups, float gap) {
  Tensor x = golden::noise(21, Shape{n, 8});
  for (std::int64_t i = 0; i < n; ++i) {
    x.row(i)[static_cast<std::size_t>(i % groups)] += gap;
  }
  return x;
}

UmapResult map_of(ConstView x, const UmapOptions& options, int threads = 2) {
  ThreadPool pool(threads);
  return umap(x, options, pool);
}

bool all_finite(const Tensor& map) {
  return std::ranges::all_of(map.span(), [](float v) { return std::isfinite(v); });
}

TEST(Umap, ThreadsDoNotChangeABit) {
  const Tensor x = grouped(1000, 4, 1);
  const UmapOptions options{.n_epochs = 30, .seed = 5};
  const UmapResult expected = map_of(x, options, 1);
  for (const int threads : {2, 3, 8}) {
    EXPECT_TRUE(std::ranges::equal(map_of(x, options, threads).map.span(), expected.map.span()))
        << threads << " threads";
  }
}

TEST(Umap, TheSeedChangesTheMap) {
  const Tensor x = grouped(200, 4, 1);
  const auto a = map_of(x, {.n_epochs = 20, .seed = 1}), b = map_of(x, {.n_epochs = 20, .seed = 2});
  EXPECT_FALSE(std::ranges::equal(a.map.span(), b.map.span()));
}

TEST(Umap, IsAsTrustworthyAsUmapLearn) {
  // A curved sheet in three dimensions: what a map of two can show whole.
  Tensor x = golden::noise(22, Shape{800, 3});
  for (std::int64_t i = 0; i < 800; ++i) {
    const auto row = x.row(i);
    row[2] = row[0] * row[0] - 0.5f * row[1];
  }
  ThreadPool pool(2);
  const auto recorded = golden::read("projections.txt").at("sheet_trustworthiness");
  const double least = *std::ranges::min_element(recorded) - 0.001;  // umap-learn's, by the seed
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const UmapResult result = map_of(x, {.seed = seed});
    EXPECT_GT(map_quality(x, result.map, {}, pool).trustworthiness, least) << "seed " << seed;
    EXPECT_EQ(result.start, UmapStart::kSpectral);
    EXPECT_EQ(result.n_epochs, 500);
  }
}

TEST(Umap, GroupsFarApartMakeADisconnectedGraphAndStayApart) {
  const Tensor x = grouped(300, 6, 100);
  const UmapResult result = map_of(x, {.seed = 1});
  EXPECT_EQ(result.graph_components, 6);
  EXPECT_EQ(result.start, UmapStart::kComponents);
  ASSERT_TRUE(all_finite(result.map));
  ThreadPool pool(1);
  const Neighbours neighbours = nearest_neighbours(result.map, 10, pool);
  for (std::int64_t i = 0; i < 300; ++i) {
    for (const std::int32_t j : neighbours.indices_of(i)) ASSERT_EQ(j % 6, i % 6) << "point " << i;
  }
}

TEST(Umap, PairsOfPointsDoNotFlyOff) {
  // A cloud in which some points have a twin: a strong edge to it, and weak edges to the others.
  Tensor x = golden::noise(42, Shape{1000, 16});
  for (std::int64_t i = 0; i < 40; i += 2) {
    for (std::size_t j = 0; j < 16; ++j) x.row(i + 1)[j] = x.row(i)[j] + (j == 3 ? 0.01f : 0.0f);
  }
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Tensor map = map_of(x, {.n_neighbors = 5, .seed = seed}).map;
    std::vector<float> reach;
    for (std::int64_t i = 0; i < 1000; ++i) {
      reach.push_back(std::max(std::abs(map[2 * i] - 5), std::abs(map[2 * i + 1] - 5)));
    }
    std::ranges::sort(reach);
    EXPECT_LT(reach.back(), 6 * reach[500]) << "the farthest, and the median; seed " << seed;
  }
}

TEST(Umap, TenPlantedClustersStayTen) {
  Tensor x = golden::noise(41, Shape{800, 12});
  for (std::int64_t i = 0; i < 800; ++i) x.row(i)[static_cast<std::size_t>(i % 10)] += 2;
  for (const Metric metric : {Metric::euclidean, Metric::cosine}) {
    const UmapResult result = map_of(x, {.metric = metric, .n_epochs = 200, .seed = 2});
    ThreadPool pool(1);
    const Neighbours neighbours = nearest_neighbours(result.map, 10, pool);
    for (std::int64_t i = 0; i < 800; ++i) {
      for (const std::int32_t j : neighbours.indices_of(i)) ASSERT_EQ(j % 10, i % 10) << i;
    }
  }
}

TEST(Umap, InStepsEndsInTheSameBits) {
  const Tensor x = grouped(200, 4, 1);
  ThreadPool pool(2);
  const UmapOptions options{.n_epochs = 12};
  const Tensor whole = umap(x, options, pool).map;
  UmapRun run(x, options, pool);
  EXPECT_FALSE(std::ranges::equal(run.result().map.span(), whole.span()));
  for (const int until : {1, 1, 5, 12, 20}) {
    run.run(until, pool);
    EXPECT_EQ(run.epochs_done(), std::min(until, 12));
  }
  EXPECT_TRUE(std::ranges::equal(run.take().map.span(), whole.span()));
}

TEST(Umap, TakesTheNeighboursOfItsCaller) {
  const Tensor x = grouped(200, 4, 1);
  ThreadPool pool(2);
  const UmapOptions options{.n_neighbors = 10, .n_epochs = 12};
  UmapRun run(x, nearest_neighbours(x, 9, pool), options, pool);
  run.run(12, pool);
  EXPECT_TRUE(std::ranges::equal(run.result().map.span(), umap(x, options, pool).map.span()));

  Neighbours wrong = nearest_neighbours(x, 9, pool);
  wrong.indices[7] = 200;
  EXPECT_THROW(UmapRun(x, wrong, options, pool), Error);
  wrong.rows = 199;
  EXPECT_THROW(UmapRun(x, wrong, options, pool), Error);
}

TEST(Umap, AnyStartGivesAMapAndIsNamed) {
  const Tensor x = grouped(300, 3, 1);
  EXPECT_EQ(map_of(x, {.n_epochs = 20, .init = UmapInit::pca}).start, UmapStart::kPca);
  EXPECT_EQ(map_of(x, {.n_epochs = 20, .init = UmapInit::random}).start, UmapStart::kRandom);
  const UmapResult apart = map_of(grouped(60, 6, 100), {.n_neighbors = 5, .n_epochs = 20});
  EXPECT_THAT(umap_remarks({.n_neighbors = 5}, apart),
              testing::ElementsAre(HasSubstr("6 disconnected groups")));
}

TEST(Umap, HardInputsGiveFiniteMaps) {
  const Tensor equal(Shape{300, 4});
  EXPECT_TRUE(all_finite(map_of(equal, {.n_epochs = 50}).map)) << "all points equal";

  Tensor duplicates = golden::noise(23, Shape{400, 3});
  for (float& value : duplicates.span()) value = std::floor(value * 3);  // 27 positions
  EXPECT_TRUE(all_finite(map_of(duplicates, {.n_epochs = 50}).map)) << "many duplicates";

  EXPECT_TRUE(all_finite(map_of(golden::noise(24, Shape{300, 1}), {.n_epochs = 50}).map))
      << "one column";

  Tensor huge = golden::noise(25, Shape{100, 3});
  for (float& value : huge.span()) value *= 1e30f;
  EXPECT_TRUE(all_finite(map_of(huge, {.n_epochs = 50}).map)) << "huge";
  for (float& value : huge.span()) value *= 1e-38f;
  EXPECT_TRUE(all_finite(map_of(huge, {.n_epochs = 50}).map)) << "tiny";

  const UmapOptions odd{
      .n_components = 5, .n_epochs = 50, .local_connectivity = 0, .negative_sample_rate = 11};
  EXPECT_TRUE(all_finite(map_of(golden::noise(26, Shape{300, 7}), odd).map)) << "odd options";
}

TEST(Umap, FewRowsReduceTheNeighboursWithARemark) {
  for (const std::int64_t rows : {2, 3, 4, 9}) {
    const UmapResult result = map_of(golden::noise(27, Shape{rows, 3}), {.n_epochs = 50});
    EXPECT_EQ(result.n_neighbors, rows);
    EXPECT_EQ(result.map.size(0), rows);
    EXPECT_TRUE(all_finite(result.map)) << rows << " rows";
  }
}

TEST(Umap, ImpossibleInputsAreNamed) {
  Tensor x = golden::noise(28, Shape{20, 3});
  EXPECT_THAT([&] { map_of(x.view().rows(0, 1), {}); },
              ThrowsMessage<Error>(HasSubstr("there are 1 rows: at least 2")));
  EXPECT_THAT([&] { map_of(x, {.n_neighbors = 1}); },
              ThrowsMessage<Error>(HasSubstr("`n_neighbors` is 1: must be at least 2")));
  EXPECT_THAT([&] { map_of(x, {.n_components = 0}); },
              ThrowsMessage<Error>(HasSubstr("`n_components` is 0")));
  EXPECT_THAT([&] { map_of(x, {.n_epochs = -1}); }, ThrowsMessage<Error>(HasSubstr("n_epochs")));
  x[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT([&] { map_of(x, {}); }, ThrowsMessage<Error>(HasSubstr("row 1, column 1 is nan")));
}

}  // namespace
}  // namespace hourglass
