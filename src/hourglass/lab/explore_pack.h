// The pack of the explorer: all that its page shows, in one safetensors file (docs/formats.md, "The
// pack of the explorer"). Made from points (explore_points.h); kept by explore_kept.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/base/threads.h"
#include "hourglass/lab/explore_points.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The map of an epoch of a run.
struct EpochMap {
  std::int64_t epoch = 0;
  Tensor map;  // [n, 2]
};

/// What the pack says of the model; none for a bare matrix.
struct ExploreModel {
  std::string kind;  // "AE"
  std::int64_t latent_dim = 0;
  std::optional<std::int64_t> epoch;
  std::optional<double> test_mse;
  bool takes_labels = false;
};

ExploreModel explore_facts(const Checkpoint& checkpoint);

/// How the points become a map.
struct ExploreMapping {
  Tensor given;                   // [n, 2], made before; empty: UMAP of the latent vectors
  std::string method = "given";   // how that was made
  std::vector<EpochMap> earlier;  // of the run, by epoch: UMAP's map is turned to fit the last one
  std::uint64_t seed = 0;
};

/// The bytes of the pack. `commands` are beginnings of command lines by what they do, and `key`
/// says what it was made from (explore_kept.h); both may be empty. The same bits for any number of
/// threads. Throws Error if a map is not of these points, or a value is not finite.
std::vector<std::uint8_t> make_explore_pack(const ExplorePoints& points,
                                            const std::optional<ExploreModel>& model,
                                            const ExploreMapping& mapping,
                                            const std::map<std::string, std::string>& commands,
                                            const std::string& key, ThreadPool& pool,
                                            Progress& progress = Progress::none());

}  // namespace hourglass
