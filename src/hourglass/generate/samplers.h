// Distributions from which new latent vectors are drawn. Not models: a sampler is fitted to given
// latents.
#pragma once

#include "hourglass/base/random.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// [n, d] latent vectors from N(0, I): the prior of a variational autoencoder, which a plain
/// autoencoder does not have.
Tensor sample_standard_normal(std::int64_t n, std::int64_t d, Rng& rng);

/// The normal distribution with the mean and covariance of given latents.
class GaussianSampler {
 public:
  /// Fits `latents` [n, d]; a singular covariance is used as it is. Throws Error if n < 2, for
  /// more than 16,384 columns and for values that are not finite.
  explicit GaussianSampler(ConstView latents);

  /// [n, d] latent vectors from N(mean, covariance).
  Tensor sample(std::int64_t n, Rng& rng) const;

 private:
  Tensor mean_;    // [d]
  Tensor factor_;  // [d, d]; factor * factor^T is the covariance
};

}  // namespace hourglass
