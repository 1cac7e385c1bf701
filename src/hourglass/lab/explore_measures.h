// What the explorer measures of its points: how far their map can be trusted, and the directions
// through their latent space. Not their positions: see explore_pack.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/project/quality.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Directions and the range to go along each: the 1st and 99th percentile of the scores.
struct ExploreDirections {
  Tensor mean, components, ranges;  // [d], [k, d] of norm 1, [k, 2]; k is at most 32
};

struct ExploreMeasures {
  std::optional<MapQuality> quality;
  std::optional<ExploreDirections> directions;  // of largest variance, largest first
  std::vector<std::string> missing;             // why one is not there, a sentence each
};

/// Of latents [n, d] and their map [n, 2]. Where no latent vector is known (`latents` is empty) the
/// directions are the axes of a space of dimension `latent_dim`; 0: none.
ExploreMeasures measure_explored(ConstView latents, ConstView map, std::int64_t latent_dim,
                                 std::uint64_t seed, ThreadPool& pool,
                                 Progress& progress = Progress::none());

}  // namespace hourglass
