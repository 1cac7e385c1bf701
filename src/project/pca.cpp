#include "project/pca.h"

#include <Spectra/MatOp/DenseSymMatProd.h>
#include <Spectra/SymEigsSolver.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "kernels/matmul.h"
#include "project/covariance.h"

namespace hourglass {
namespace {

constexpr std::int64_t kRowGrain = 128;
constexpr std::int64_t kMostColumns = 16384;  // a covariance matrix of 2 GiB

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct EigenPairs {
  Eigen::VectorXd values;   // [k], falling
  Eigen::MatrixXd vectors;  // [d, k]
};

EigenPairs largest_eigenpairs(const Eigen::MatrixXd& matrix, int k) {
  const Eigen::Index d = matrix.rows();
  // Lanczos is the faster way to a few vectors of many; where it does not converge (many equal
  // eigenvalues) the full decomposition always does.
  if (d > 128 && 6 * k < d) {
    Spectra::DenseSymMatProd<double> product(matrix);
    Spectra::SymEigsSolver<Spectra::DenseSymMatProd<double>> solver(
        product, k, std::min<Eigen::Index>(d, std::max(2 * k + 16, 32)));
    solver.init();
    solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12, Spectra::SortRule::LargestAlge);
    if (solver.info() == Spectra::CompInfo::Successful) {
      return {solver.eigenvalues(), solver.eigenvectors()};
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  if (solver.info() != Eigen::Success) {
    fail("pca", "the covariance matrix has no eigenvectors that could be found: scale the data");
  }
  return {solver.eigenvalues().tail(k).reverse(),
          solver.eigenvectors().rightCols(k).rowwise().reverse()};
}

/// A direction and its opposite are the same direction: the one whose loading of largest magnitude
/// (the first of equals) is positive is kept.
double sign_of_largest(const Eigen::VectorXd& v) {
  Eigen::Index largest = 0;
  v.cwiseAbs().maxCoeff(&largest);
  return v[largest] < 0 ? -1.0 : 1.0;
}

void check_columns(std::string_view what, std::int64_t wanted, ConstView x) {
  if (x.shape().rank() == 2 && x.size(1) == wanted) return;
  fail("pca", "the {} have shape {}: {} columns are needed", what, x.shape().text(), wanted);
}

}  // namespace

Pca fit_pca(const RowSource& source, int components, ThreadPool& pool) {
  const std::int64_t rows = source.count(), columns = source.columns();
  if (rows < 2) fail("pca", "there are {} rows: at least 2 are needed", rows);
  if (components < 1 || components > std::min(rows, columns)) {
    fail("pca", "{} components of {} rows and {} columns: from 1 to {} are possible", components,
         rows, columns, std::min(rows, columns));
  }
  if (columns > kMostColumns) {
    fail("pca", "the data have {} columns: at most {} are handled, make the images smaller",
         columns, kMostColumns);
  }
  const std::vector<double> mean = column_means(source, rows, columns, pool);
  Pca pca;
  pca.mean = Tensor(Shape{columns});
  std::transform(mean.begin(), mean.end(), pca.mean.span().begin(),
                 [](double m) { return static_cast<float>(m); });
  std::vector<double> sums = covariance(source, rows, pca.mean, pool);
  const Eigen::MatrixXd matrix = Eigen::Map<const RowMajor>(sums.data(), columns, columns);
  sums = {};
  if (!matrix.allFinite()) fail("pca", "the covariances are not finite: scale the data down");

  const double total = matrix.trace();
  const EigenPairs pairs = largest_eigenpairs(matrix, components);
  pca.components = Tensor(Shape{components, columns});
  for (int c = 0; c < components; ++c) {
    const double variance = std::max(0.0, pairs.values[c]);
    pca.explained_variance.push_back(variance);
    pca.explained_variance_ratio.push_back(total > 0 ? variance / total : 0.0);
    const double sign = sign_of_largest(pairs.vectors.col(c));
    for (std::int64_t j = 0; j < columns; ++j) {
      pca.components[c * columns + j] = static_cast<float>(sign * pairs.vectors(j, c));
    }
  }
  return pca;
}

Tensor Pca::transform(ConstView x, ThreadPool& pool) const {
  check_columns("data", columns(), x);
  Tensor scores(Shape{x.size(0), size()});
  parallel_for(pool, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
    Tensor centred(Shape{end - begin, columns()});
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < columns(); ++j) {
        centred[(i - begin) * columns() + j] = x[i * columns() + j] - mean[j];
      }
    }
    matmul_nt(scores.view().rows(begin, end), centred, components);
  });
  return scores;
}

Tensor Pca::inverse_transform(ConstView scores, ThreadPool& pool) const {
  check_columns("scores", size(), scores);
  Tensor basis(Shape{columns(), size()});
  for (std::int64_t c = 0; c < size(); ++c) {
    for (std::int64_t j = 0; j < columns(); ++j) {
      basis[j * size() + c] = components[c * columns() + j];
    }
  }
  Tensor points(Shape{scores.size(0), columns()});
  parallel_for(pool, scores.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
    const View out = points.view().rows(begin, end);
    matmul_nt(out, scores.rows(begin, end), basis);
    for (std::int64_t i = 0; i < out.size(0); ++i) {
      for (std::int64_t j = 0; j < columns(); ++j) out[i * columns() + j] += mean[j];
    }
  });
  return points;
}

}  // namespace hourglass
