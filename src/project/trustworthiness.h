// How far a map can be trusted to show as neighbours only what are neighbours. Not its opposite,
// continuity, which asks whether neighbours are torn apart.
#pragma once

#include "base/threads.h"
#include "tensor/tensor.h"

namespace hourglass {

/// Trustworthiness (Venna and Kaski 2001) of map [n, m] of x [n, d], in [0, 1]: 1 less the mean,
/// scaled, of how far beyond k the true ranks of the map's k neighbours lie. Exact; of equal
/// distances the lower index ranks first. Time grows with n * n; at most 20,000 rows. Throws Error
/// for more, if the rows differ in number, unless 1 <= k < n / 2, or if a value is not finite.
double trustworthiness(ConstView x, ConstView map, ThreadPool& pool, int k = 10);

}  // namespace hourglass
