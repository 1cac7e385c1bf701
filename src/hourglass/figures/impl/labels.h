// Positions of names in a map, such that they do not cover each other. Not drawing.
#pragma once

#include <optional>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// Moves each box by at most `reach` pixels, as little as possible, so that it covers no earlier
/// box and stays inside `frame`. Tries positions on rings around the wished one. Gives nothing
/// where no position is free.
std::vector<std::optional<Box>> placed_apart(const std::vector<Box>& wished, const Box& frame,
                                             double reach);

}  // namespace hourglass
