// Where names stand in a map so that they do not cover one another. Not drawing.
#pragma once

#include <optional>
#include <vector>

#include "hourglass/figures/canvas.h"

namespace hourglass {

/// For each box (wished for around its anchor) the nearest place at most `reach` pixels away, tried
/// in rings around it, that covers no box placed before and stays inside `frame`; nothing where
/// none is free.
std::vector<std::optional<Box>> placed_apart(const std::vector<Box>& wished, const Box& frame,
                                             double reach);

}  // namespace hourglass
