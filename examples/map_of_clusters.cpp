// Maps of any matrix: ten synthetic groups by PCA and by UMAP, and how far each map can be trusted.
#include <cstdio>
#include <cstdlib>

#include "hourglass/base/random.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/quality.h"
#include "hourglass/project/umap/umap.h"

using namespace hourglass;

constexpr std::int64_t kGroups = 10, kRows = 1000, kColumns = 20;

/// Groups of unit spread whose means lie about 25 apart; row i is of group i mod 10.
Tensor synthetic_groups(Rng& rng) {
  Tensor means({kGroups, kColumns}), x({kRows, kColumns});
  for (float& value : means.span()) value = static_cast<float>(4 * rng.normal());
  for (std::int64_t i = 0; i < x.count(); ++i) {
    const std::int64_t group = i / kColumns % kGroups;
    x[i] = means[group * kColumns + i % kColumns] + static_cast<float>(rng.normal());
  }
  return x;
}

/// The share of neighbours in the map that are of the same group as their row.
double own_group(const MapQuality& quality) {
  double same = 0, all = 0;
  for (std::size_t i = 0; i < quality.rows.size(); ++i) {
    for (const std::int64_t other :
         quality.of(quality.map_neighbours, static_cast<std::int64_t>(i))) {
      same += other % kGroups == quality.rows[i] % kGroups ? 1 : 0;
      all += 1;
    }
  }
  return same / all;
}

int main() {
  ThreadPool pool(available_threads());
  Rng rng(/*seed=*/0);
  const Tensor x = synthetic_groups(rng);

  const Pca pca = fit_pca(x, 2, pool);
  const UmapResult result = umap(x, {.n_neighbors = 15, .min_dist = 0.1f}, pool);
  const MapQuality flat = map_quality(x, pca.transform(x, pool), {}, pool);
  const MapQuality map = map_quality(x, result.map, {}, pool);

  std::printf("      trustworthiness  continuity  neighbours of the same group\n");
  std::printf("PCA   %.3f            %.3f       %.3f\n", flat.trustworthiness, flat.continuity,
              own_group(flat));
  std::printf("UMAP  %.3f            %.3f       %.3f\n", map.trustworthiness, map.continuity,
              own_group(map));
  const bool ten_stay_ten = own_group(map) > 0.999;
  return ten_stay_ten && map.trustworthiness > 0.95 && map.trustworthiness > flat.trustworthiness
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}
