#include "hourglass/generate/samplers.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {
constexpr std::int64_t kMostDims = 16384;  // the covariance has the square of it
}  // namespace

Tensor sample_standard_normal(std::int64_t n, std::int64_t d, Rng& rng) {
  Tensor latents({n, d});
  for (float& value : latents.span()) value = static_cast<float>(rng.normal());
  return latents;
}

GaussianSampler::GaussianSampler(ConstView latents) {
  require_matrix("sample", "latents", latents);
  const std::int64_t n = latents.size(0), d = latents.size(1);
  if (n < 2) fail("sample", "{} latent vectors: a covariance needs at least 2", n);
  require(d >= 1 && d <= kMostDims, "sample", "latents", latents.shape().text(),
          "from 1 to 16384 columns are possible");
  require_finite("sample", "latents", latents.span());
  mean_ = Tensor({d});
  factor_ = Tensor({d, d});
  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::MatrixXd x = Eigen::Map<const Floats>(latents.data(), n, d).cast<double>();
  const Eigen::RowVectorXd mean = x.colwise().mean();
  const Eigen::MatrixXd centred = x.rowwise() - mean;
  const Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(n - 1);
  // LDL^T with pivoting works for a covariance of less than full rank too; rounding may make its
  // diagonal slightly negative.
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(covariance);
  const Eigen::VectorXd root = ldlt.vectorD().cwiseMax(0.0).cwiseSqrt();
  const Eigen::MatrixXd lower = ldlt.matrixL();
  const Eigen::MatrixXd factor =
      ldlt.transpositionsP().transpose() * Eigen::MatrixXd(lower * root.asDiagonal());
  Eigen::Map<Eigen::RowVectorXf>(mean_.data(), d) = mean.cast<float>();
  Eigen::Map<Floats>(factor_.data(), d, d) = factor.cast<float>();
}

Tensor GaussianSampler::sample(std::int64_t n, Rng& rng) const {
  const std::int64_t d = mean_.count();
  const Tensor normal = sample_standard_normal(n, d, rng);
  Tensor latents({n, d});
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < d; ++j) {
      double sum = static_cast<double>(mean_[j]);
      for (std::int64_t k = 0; k < d; ++k) {
        sum += static_cast<double>(factor_[j * d + k]) * static_cast<double>(normal[i * d + k]);
      }
      latents[i * d + j] = static_cast<float>(sum);
    }
  }
  return latents;
}

}  // namespace hourglass
