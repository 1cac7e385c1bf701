#include "hourglass/lab/explore_measures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hourglass/lab/map_scores.h"
#include "hourglass/project/pca.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMostDirections = 32;
constexpr float kAxisReach = 3.0f;  // deviations of a standard normal, which samplers draw from

/// The share `part` of the values is below it.
float percentile(std::vector<float>& values, double part) {
  const auto at =
      values.begin() +
      static_cast<std::ptrdiff_t>(std::lround(part * static_cast<double>(std::ssize(values) - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Those of largest variance, from the 1st to the 99th percentile; nothing for equal vectors.
std::optional<ExploreDirections> directions_of(ConstView latents, ThreadPool& pool) {
  if (latents.size(0) < 2) return std::nullopt;
  const std::int64_t most = std::min(latents.size(0), latents.size(1));
  Pca pca = fit_pca(RowSource(latents), static_cast<int>(std::min(most, kMostDirections)), pool);
  if (pca.no_variance()) return std::nullopt;
  const Tensor scores = pca.transform(latents, pool);
  Tensor ranges({scores.size(1), 2});
  std::vector<float> along(static_cast<std::size_t>(scores.size(0)));
  for (std::int64_t k = 0; k < scores.size(1); ++k) {
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      along[static_cast<std::size_t>(i)] = scores[i * scores.size(1) + k];
    }
    ranges[2 * k] = percentile(along, 0.01);
    ranges[2 * k + 1] = percentile(along, 0.99);
  }
  return ExploreDirections{std::move(pca.mean), std::move(pca.components), std::move(ranges)};
}

/// The axes of a latent space of which no vector is known.
ExploreDirections axes_of(std::int64_t latent_dim) {
  const std::int64_t k = std::min(latent_dim, kMostDirections);
  ExploreDirections axes{Tensor(Shape{latent_dim}), Tensor({k, latent_dim}), Tensor({k, 2})};
  for (std::int64_t i = 0; i < k; ++i) {
    axes.components[i * latent_dim + i] = 1.0f;
    axes.ranges[2 * i] = -kAxisReach;
    axes.ranges[2 * i + 1] = kAxisReach;
  }
  return axes;
}

}  // namespace

ExploreMeasures measure_explored(ConstView latents, ConstView map, std::int64_t latent_dim,
                                 std::uint64_t seed, ThreadPool& pool, Progress& progress) {
  ExploreMeasures out;
  if (latents.count() == 0) {
    if (latent_dim > 0) out.directions = axes_of(latent_dim);
    return out;
  }
  progress.update(1.0, "scores");
  const std::int64_t n = latents.size(0);
  if (can_be_scored(latents, map)) {
    out.quality = map_quality(latents, map, {.seed = seed}, pool);
  } else if (n < 3) {
    out.missing.push_back(n == 1 ? "One point is too few to score a map."
                                 : "Two points are too few to score a map.");
  } else {
    out.missing.push_back("All points are equal, so the map has no scores.");
  }
  progress.update(1.0, "directions");
  out.directions = directions_of(latents, pool);
  if (!out.directions) {
    out.missing.push_back("All latent vectors are equal, so there are no directions to follow.");
  }
  return out;
}

}  // namespace hourglass
