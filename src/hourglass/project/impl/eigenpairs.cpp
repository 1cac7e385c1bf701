#include "hourglass/project/impl/eigenpairs.h"

#include <Spectra/MatOp/DenseSymMatProd.h>
#include <Spectra/SymEigsSolver.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

/// Whether the vectors are orthonormal and those of these values. If one eigenvalue is far beyond
/// the others, rounding looks to Lanczos like a further direction, and it finds that value twice.
bool are_eigenpairs(const Eigen::MatrixXd& matrix, const EigenPairs& pairs) {
  constexpr double kError = 1e-8;  // of the largest eigenvalue; usual matrices have 1e-12
  const Eigen::MatrixXd& v = pairs.vectors;
  const auto identity = Eigen::MatrixXd::Identity(v.cols(), v.cols());
  const double skew = (v.transpose() * v - identity).cwiseAbs().maxCoeff();
  const Eigen::MatrixXd rest = matrix * v - v * pairs.values.asDiagonal();
  const double largest = pairs.values.cwiseAbs().maxCoeff();
  return skew <= kError && rest.colwise().norm().maxCoeff() <= kError * largest;
}

/// Lanczos iteration. Returns nothing if it does not converge or is caught in an invariant
/// subspace, as for a matrix of low rank.
std::optional<EigenPairs> by_lanczos(const Eigen::MatrixXd& matrix, int k) {
  const Eigen::Index d = matrix.rows();
  Spectra::DenseSymMatProd<double> product(matrix);
  Spectra::SymEigsSolver<Spectra::DenseSymMatProd<double>> solver(
      product, k, std::min<Eigen::Index>(d, std::max(2 * k + 16, 32)));
  try {
    solver.init();
    solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12, Spectra::SortRule::LargestAlge);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
  if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
  EigenPairs pairs{solver.eigenvalues(), solver.eigenvectors()};
  if (!pairs.values.allFinite() || !are_eigenpairs(matrix, pairs)) return std::nullopt;
  return pairs;
}

/// Dividing by a power of two does not round.
double power_of_two_near(double size) {
  return std::ldexp(1.0, std::ilogb(size));
}

/// Nothing if Lanczos is not the way for this size or does not converge (many equal eigenvalues).
std::optional<EigenPairs> by_lanczos_if_it_pays(const Eigen::MatrixXd& matrix, int k) {
  // It is faster for a few vectors of many.
  if (matrix.rows() <= 128 || 6 * k >= matrix.rows()) return std::nullopt;
  if (std::optional<EigenPairs> pairs = by_lanczos(matrix, k)) return pairs;
  // Its tolerances fit a largest eigenvalue near 1.
  const double size = matrix.diagonal().cwiseAbs().maxCoeff();
  const double scale = size > 0 ? power_of_two_near(size) : 1.0;
  std::optional<EigenPairs> pairs = by_lanczos(matrix / scale, k);
  if (pairs) pairs->values *= scale;
  return pairs;
}

EigenPairs by_full_decomposition(const Eigen::MatrixXd& matrix, int k) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  if (solver.info() != Eigen::Success) {
    fail("pca", "the covariance matrix has no eigenvectors that could be found: scale the data");
  }
  return {solver.eigenvalues().tail(k).reverse(),
          solver.eigenvectors().rightCols(k).rowwise().reverse()};
}

/// What a matrix is divided by. Spectra uses absolute tolerances near 1e-10. Scaling by a power of
/// two does not round; a matrix of usual size is not scaled.
double scale_of(const Eigen::MatrixXd& matrix) {
  constexpr double kSmallest = 0x1p-30, kLargest = 0x1p60;
  const double size = matrix.diagonal().cwiseAbs().maxCoeff();
  return size == 0 || (size >= kSmallest && size <= kLargest) ? 1.0 : power_of_two_near(size);
}

/// find(matrix / scale), which returns nothing or pairs; its values are scaled back.
template <typename Find>
std::optional<EigenPairs> of_scaled(const Eigen::MatrixXd& matrix, const Find& find) {
  const double scale = scale_of(matrix);
  std::optional<EigenPairs> pairs = scale == 1.0 ? find(matrix) : find(matrix / scale);
  if (pairs) pairs->values *= scale;
  return pairs;
}

}  // namespace

std::optional<EigenPairs> quick_eigenpairs(const Eigen::MatrixXd& matrix, int k) {
  return of_scaled(matrix, [k](const Eigen::MatrixXd& scaled) {
    std::optional<EigenPairs> pairs = by_lanczos_if_it_pays(scaled, k);
    const bool large = scaled.rows() > kLargeMatrix && 6 * k < scaled.rows();
    if (!pairs && !large) pairs = by_full_decomposition(scaled, k);
    return pairs;
  });
}

EigenPairs largest_eigenpairs(const Eigen::MatrixXd& matrix, int k) {
  if (std::optional<EigenPairs> pairs = quick_eigenpairs(matrix, k)) return *std::move(pairs);
  return *of_scaled(matrix, [k](const Eigen::MatrixXd& scaled) {
    return std::optional(by_full_decomposition(scaled, k));
  });
}

Eigen::Index orthonormalise(Eigen::MatrixXd& columns, double smallest) {
  assert(columns.cols() <= columns.rows());
  const double longest = columns.colwise().norm().maxCoeff();
  Eigen::Index meaningful = columns.cols();
  Eigen::Index next_axis = 0;
  for (Eigen::Index c = 0; c < columns.cols(); ++c) {
    const auto before = columns.leftCols(c);
    Eigen::VectorXd v = columns.col(c);
    const auto take_earlier_away = [&] {
      // Twice is enough (Giraud, Langou, Rozloznik 2005).
      for (int pass = 0; pass < 2 && c > 0; ++pass) {
        const Eigen::VectorXd shares = before.transpose() * v;
        v.noalias() -= before * shares;
      }
    };
    take_earlier_away();
    if (v.norm() <= smallest * longest) {
      meaningful = std::min(meaningful, c);
      // The c columns cannot span c + 1 axes, so one of the next axes has a large remainder.
      do {
        v = Eigen::VectorXd::Unit(columns.rows(), next_axis++ % columns.rows());
        take_earlier_away();
      } while (v.squaredNorm() < 0.5 / static_cast<double>(columns.rows()));
    }
    columns.col(c) = v / v.norm();
  }
  return meaningful;
}

}  // namespace hourglass
