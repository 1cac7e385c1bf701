// Quality scores of a map, and a line of text with them. Computed by project/quality.h; not drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/project/quality.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Scores of a map. With labels also the k-NN accuracy (leave one out), in the original space and
/// in the map, unless no vote could tell these classes apart (votes_can_decide()).
struct MapScores {
  MapQuality quality;
  std::optional<double> space_accuracy, map_accuracy;
};

/// Whether some row is nearer to a row than another: there are at least three, and neither all rows
/// of x nor all of the map are equal. Otherwise scores say nothing.
bool can_be_scored(ConstView x, ConstView map);

/// Scores of `map` [n, m] of `x` [n, d]; `labels` are [n] or empty. Throws Error as map_quality().
MapScores score_map(ConstView x, ConstView map, std::span<const std::int64_t> labels,
                    const MapQualityOptions& options, ThreadPool& pool);

/// "Trustworthiness 0.972 · continuity 0.978 · ..."; `space` names the original space, as in "10-NN
/// accuracy 97.2 % (latents), 96.9 % (map)".
std::string score_line(const MapScores& scores, std::string_view space);

}  // namespace hourglass
