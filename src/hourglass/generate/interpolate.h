// The straight line between two points. Not a curve on the data's manifold.
#pragma once

#include <span>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// `count` values from 0 to 1, evenly apart. Throws Error unless count is from 2 to a million.
std::vector<double> even_alphas(int count);

/// Row i is (1 - alpha_i) * ends[0] + alpha_i * ends[1]: [alphas, d] from ends [2, d]. Of
/// latent vectors it is the line through the latent space, of pixels a cross-fade. Throws Error for
/// another number of ends and for values that are not finite.
Tensor interpolate(ConstView ends, std::span<const double> alphas);

}  // namespace hourglass
