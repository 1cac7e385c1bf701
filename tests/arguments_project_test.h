// Calls of projections and their scores, with right and wrong arguments, for arguments_test.cpp.
#pragma once

#include <vector>

#include "arguments_test.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/measure/knn_accuracy.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/quality.h"
#include "hourglass/project/saved.h"
#include "hourglass/project/stability.h"
#include "hourglass/project/umap/fuzzy_union.h"
#include "hourglass/project/umap/layout.h"

namespace hourglass {

inline UmapOptions umap_options(Draw& d) {
  UmapOptions o{.n_neighbors = static_cast<int>(d.below(8)), .n_epochs = 4};
  if (d.chance(0.2)) o.n_neighbors = d.integer();
  if (d.chance(0.2)) o.n_components = d.integer();
  if (d.chance(0.2)) o.n_epochs = d.integer();
  if (d.chance(0.2)) o.learning_rate = static_cast<float>(d.number());
  if (d.chance(0.2)) o.min_dist = static_cast<float>(d.number());
  if (d.chance(0.2)) o.spread = static_cast<float>(d.number());
  if (d.chance(0.2)) o.local_connectivity = static_cast<float>(d.number());
  if (d.chance(0.2)) o.repulsion_strength = static_cast<float>(d.number());
  if (d.chance(0.2)) o.negative_sample_rate = d.integer();
  if (d.chance(0.3)) o.metric = Metric::cosine;
  o.init = static_cast<UmapInit>(d.below(3));
  return o;
}

inline void call_pca(Draw& d) {
  const Tensor x = d.matrix(d.below(9), d.below(6));
  if (d.chance(0.05)) Pca().transform(x, pool());
  const Pca pca = fit_pca(x, d.integer(), pool());
  expect_matrix(pca.components, pca.size(), columns_of(x));
  const Tensor y = d.matrix(3, d.mostly(columns_of(x)));
  expect_matrix(pca.transform(y, pool()), y.size(0), pca.size());
  const Tensor scores = d.matrix(3, d.mostly(pca.size()));
  expect_matrix(pca.inverse_transform(scores, pool()), scores.size(0), columns_of(x));
}

inline void find_neighbours(Draw& d) {
  const Tensor x = d.matrix(d.below(12), d.below(4)), y = d.matrix(3, d.mostly(columns_of(x)));
  const NeighbourOptions options{.k = static_cast<int>(d.chance(0.8) ? d.below(5) : d.integer()),
                                 .metric = static_cast<Metric>(d.below(2)),
                                 .search = static_cast<Search>(d.below(3))};
  const Neighbours found = nearest_neighbours(x, options, pool());
  expect_finite(found.distances);
  EXPECT_EQ(std::ssize(found.indices), x.size(0) * options.k);
  expect_finite(nearest_neighbours(x, y, d.integer(), pool()).distances);
}

inline void call_umap(Draw& d) {
  const UmapOptions options = umap_options(d);
  const UmapModel model =
      fit_umap(d.matrix(d.below(14), d.below(4)), options, pool(), Progress::none());
  expect_matrix(model.fitted.map, model.data.size(0), options.n_components);
  const Tensor rows = d.matrix(3, d.mostly(model.data.size(1)));
  const Tensor map = transform_rows(Projection(fit_pca(rows, 1, pool())), rows, pool());
  expect_matrix(map, rows.size(0), 1);
  expect_matrix(transform(model, rows, pool()), rows.size(0), options.n_components);
  const Tensor positions = d.matrix(3, d.mostly(std::int64_t{options.n_components}));
  expect_matrix(inverse_transform(model, positions, pool()), 3, model.data.size(1));
}

inline void call_umap_steps(Draw& d) {
  Neighbours near{
      d.mostly(std::int64_t{3}), d.mostly(int{2}), {1, 2, 0, 2, 0, 1}, {1, 2, 1, 3, 2, 3}};
  if (d.chance(0.3)) near.indices[2] = d.integer();
  if (d.chance(0.3)) near.distances[2] = static_cast<float>(d.number());
  const auto smooth =
      smooth_distances(near, d.chance(0.8) ? 1.0f : static_cast<float>(d.number()), pool());
  FuzzyGraph graph = fuzzy_union(near, smooth, pool());
  if (d.chance(0.3)) graph.targets[0] = d.integer();
  if (d.chance(0.2)) graph.offsets.resize(static_cast<std::size_t>(d.below(5)));
  Tensor map = d.finite(d.mostly(std::int64_t{3}), d.mostly(std::int64_t{2}));
  LayoutOptions options{.epochs = 3};
  if (d.chance(0.3)) options.negative_sample_rate = d.integer();
  UmapLayout layout(map, graph, {d.chance(0.8) ? 1.0 : d.number(), 1.0}, options);
  layout.run(d.integer(), pool());
  Rng rng(1);
  expect_matrix(spectral_start(graph, d.matrix(3, 2), 2, rng, pool()).positions, 3, 2);
}

inline void run_umap(Draw& d) {
  const Tensor x = d.matrix(d.below(9), d.below(4)), other = d.matrix(d.mostly(x.size(0)), 2);
  const Neighbours near = nearest_neighbours(other, 2, pool());
  UmapRun run(x, near, umap_options(d), pool());
  run.run(d.integer(), pool());
  EXPECT_EQ(run.result().map.size(0), x.size(0));
  expect_finite(run.result().map.span());
}

inline void measure_map(Draw& d) {
  const std::int64_t n = d.below(12);
  const Tensor x = d.matrix(n, d.below(4)), map = d.matrix(d.mostly(n), 2);
  const MapQualityOptions options{.k = static_cast<int>(d.chance(0.8) ? d.below(4) : d.integer()),
                                  .exact_rows = d.size(),
                                  .sample_rows = d.size()};
  const MapScores scores = score_map(x, map, labels_for(d, n), options, pool());
  expect_finite(scores.quality.point_trustworthiness);
  EXPECT_TRUE(std::isfinite(scores.quality.continuity));
}

inline void compare_maps(Draw& d) {
  std::vector<Tensor> maps;
  for (std::int64_t i = d.below(4); i >= 0; --i)
    maps.push_back(d.matrix(5, d.mostly(std::int64_t{2})));
  expect_matrix(align_to(maps.front(), maps.back(), {.scale = d.chance(0.5)}), 5,
                columns_of(maps[0]));
  expect_finite(map_stability(maps).point_spread);
}

inline void count_votes(Draw& d) {
  const Tensor x = d.matrix(d.below(8), 2), y = d.matrix(d.below(4), d.mostly(std::int64_t{2}));
  const auto labels = labels_for(d, x.size(0)), asked = labels_for(d, y.size(0));
  EXPECT_GE(leave_one_out_knn_accuracy(x, labels, pool(), d.integer()), 0);
  EXPECT_GE(knn_accuracy(x, labels, y, asked, pool(), d.integer()), 0);
  vote(asked);
}

}  // namespace hourglass
