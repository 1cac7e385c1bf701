// Aligns a map with an earlier map of the same points, so that a sequence of maps reads as a film.
#pragma once

#include "hourglass/tensor/tensor.h"

namespace hourglass {

struct ProcrustesOptions {
  bool mirror = true;  // whether the map may be mirrored as well as rotated
  bool shift = true;   // centres it on the earlier map; otherwise it keeps its own centre
  bool scale = false;  // scales it to the best fit; otherwise it keeps its size
};

/// `map` [n, m], m <= 64, rotated about its centre (and mirrored, shifted or scaled if allowed) so
/// that the squared distances to `earlier` [n, m] are smallest: the orthogonal Procrustes problem
/// (Schoenemann 1966). Throws Error if the shapes differ or a value is not finite.
Tensor align_to(ConstView map, ConstView earlier, const ProcrustesOptions& options = {});

}  // namespace hourglass
