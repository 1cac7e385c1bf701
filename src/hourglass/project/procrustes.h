// Lays one map onto another of the same points, so that a sequence of maps reads as a film.
#pragma once

#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct ProcrustesOptions {
  bool mirror = true;  // may the map be mirrored as well as turned
  bool shift = true;   // centre it on the earlier map; otherwise it keeps its own centre
  bool scale = false;  // give it the size that fits best; otherwise it keeps its own
};

/// `map` [n, m], m <= 64, turned (and what else the options allow) about its centre so that the
/// squared distances to `earlier` [n, m] are least: the orthogonal Procrustes problem (Schoenemann
/// 1966). Throws Error if the shapes differ or a value is not finite.
Tensor lay_onto(ConstView map, ConstView earlier, const ProcrustesOptions& options = {});

}  // namespace hourglass
