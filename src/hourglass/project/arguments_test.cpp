// Wrong arguments of projections and of UMAP's steps.
#include <gmock/gmock.h>

#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/saved.h"
#include "hourglass/project/stability.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/layout.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Tensor some_rows(std::int64_t n, std::int64_t d) {
  Tensor x(Shape{n, d});
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = static_cast<float>(i * i % 7);
  return x;
}

TEST(PcaArguments, OtherColumnsAnUnfittedOneAndNanAreRefused) {
  ThreadPool pool(1);
  const Pca pca = fit_pca(some_rows(6, 3), 2, pool);
  EXPECT_THAT([&] { pca.transform(some_rows(6, 4), pool); },
              ThrowsMessage<Error>(HasSubstr("3 columns are needed")));
  EXPECT_THAT([&] { Pca().transform(some_rows(6, 3), pool); },
              ThrowsMessage<Error>(HasSubstr("use the result of fit_pca()")));
  EXPECT_THROW(columns_in(Pca()), Error);
  Tensor x = some_rows(6, 3);
  x[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT([&] { pca.transform(x, pool); },
              ThrowsMessage<Error>(HasSubstr("row 1, column 1 is nan")));
}

TEST(UmapArguments, AModelWhoseMapIsOfOtherRowsIsRefused) {
  ThreadPool pool(1);
  UmapModel model = fit_umap(some_rows(6, 3), {.n_epochs = 2}, pool, Progress::none());
  model.fitted.map = some_rows(5, 2);
  EXPECT_THAT([&] { UmapTransformer(model, pool); },
              ThrowsMessage<Error>(HasSubstr("6 rows and 2 columns are needed")));
}

TEST(UmapArguments, NeighboursAndGraphsThatDoNotFitTogetherAreRefused) {
  ThreadPool pool(1);
  Neighbours near = nearest_neighbours(some_rows(6, 3), 2, pool);
  const SmoothDistances smooth = smooth_distances(near, 1.0f, pool);
  FuzzyGraph graph = fuzzy_union(near, smooth, pool);
  Tensor map = some_rows(5, 2);
  EXPECT_THROW(UmapLayout(map, graph, {}, {}), Error);
  graph.targets[0] = 6;
  EXPECT_THAT([&] { connected_components(graph); },
              ThrowsMessage<Error>("[umap] `targets` is 6: must be from 0 to 5"));
  near.indices[3] = -1;
  EXPECT_THAT([&] { fuzzy_union(near, smooth, pool); },
              ThrowsMessage<Error>("[umap] `indices` is -1: must be from 0 to 5"));
  near.rows = 7;
  EXPECT_THROW(smooth_distances(near, 1.0f, pool), Error);
}

TEST(Stability, MapsOfDifferentShapesAreRefused) {
  std::vector<Tensor> maps;
  maps.push_back(some_rows(5, 2));
  maps.push_back(Tensor(Shape{10}));
  EXPECT_THAT([&] { map_stability(maps); },
              ThrowsMessage<Error>(HasSubstr("a matrix of one row per point is needed")));
}

}  // namespace
}  // namespace hourglass
