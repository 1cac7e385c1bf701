// The maps that a run drew while it trained, for the explorer. Drawing them: see gallery.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/lab/explore_pack.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/models/checkpoint_file.h"

namespace hourglass {

/// The maps of the test images before `epoch`, of the points `chosen` of `total`. Files that are
/// damaged or of other points are passed over.
std::vector<EpochMap> drawn_maps(const FigureFolder& folder, std::int64_t epoch,
                                 const std::vector<std::int64_t>& chosen, std::int64_t total);

/// SHA-256 over the files that drawn_maps() reads; "" if there are none.
std::string drawn_maps_sha256(const FigureFolder& folder, std::int64_t epoch);

/// The points and the mapping of a model whose images are not here: the maps that its run drew,
/// with the labels that lie beside the last one. Nothing if no map was drawn.
struct DrawnPoints {
  ExplorePoints points;
  ExploreMapping mapping;
};
std::optional<DrawnPoints> drawn_points(const FigureFolder& folder, const Checkpoint& checkpoint);

}  // namespace hourglass
