// Where new codes may be drawn from. Not models of their own: each is told what it needs to know of
// real codes.
#pragma once

#include "hourglass/base/random.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// [n, d] codes from N(0, I): what a variational autoencoder's prior would be, and a plain
/// autoencoder knows nothing of.
Tensor sample_standard_normal(std::int64_t n, std::int64_t d, Rng& rng);

/// The normal distribution with the mean and covariance of some codes.
class GaussianSampler {
 public:
  /// Fits `codes` [n, d], n >= 2; a singular covariance is taken as it is. Throws Error for fewer
  /// codes.
  explicit GaussianSampler(ConstView codes);

  /// [n, d] codes from N(mean, covariance).
  Tensor sample(std::int64_t n, Rng& rng) const;

 private:
  Tensor mean_;    // [d]
  Tensor factor_;  // [d, d]; factor * factor^T is the covariance
};

}  // namespace hourglass
