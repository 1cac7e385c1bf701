// Where the figures of a checkpoint lie. Those of a run while it trains: see train_already.h.
#pragma once

#include <filesystem>
#include <string>

#include "hourglass/lab/figure_folder.h"
#include "hourglass/models/checkpoint_file.h"

namespace hourglass::cli {

/// The names of the figures begin with the checkpoint's. If that is not the one of this name in
/// OUT/models, or the images are others of the same name as those it was trained on, a part of a
/// hash follows: no figure of another model or of other data is replaced.
FigureFolder figures_of(const std::filesystem::path& path, const Checkpoint& checkpoint,
                        const std::string& dataset, const std::string& sha256,
                        const std::filesystem::path& out);

}  // namespace hourglass::cli
