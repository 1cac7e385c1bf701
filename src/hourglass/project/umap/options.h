// The valid ranges of UMAP's options. Not for public use: see umap.h.
#pragma once

#include "hourglass/project/umap/umap.h"

namespace hourglass {

inline constexpr int kMostEpochs = 1000000;

/// Throws Error "[umap] NAME is VALUE: must be ..." for the first option that is out of range.
void check_umap_options(const UmapOptions& options);

/// Throws Error unless a layout with these options gave finite positions.
void check_positions(ConstView positions, const UmapOptions& options);

}  // namespace hourglass
