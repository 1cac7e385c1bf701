#include "hourglass/project/pca.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/kernels/matmul.h"
#include "hourglass/project/impl/centred_rows.h"
#include "hourglass/project/impl/covariance.h"
#include "hourglass/project/impl/eigenpairs.h"
#include "hourglass/project/impl/random_directions.h"

namespace hourglass {
namespace {

constexpr std::int64_t kRowGrain = 128;
constexpr std::int64_t kAnyRowsColumns = 4096;  // the covariance matrix is small
constexpr std::int64_t kFewRows = 2048;
constexpr std::int64_t kTransformFloats = std::int64_t{1}
                                          << 21;   // 8 MiB of centred rows per thread
constexpr std::int64_t kTransformColumns = 16384;  // longer sums are split and added in double

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Eigenvalues of the scatter matrix divided by n - 1, with their vectors and the trace.
struct Fit {
  EigenPairs pairs;
  double total = 0;
};

/// Whether float32 was precise enough: its products have an error of about 1e-7 of the largest
/// variance, and underflow below 1e-38. Both show in the result.
bool is_resolved(const Fit& fit, std::int64_t columns) {
  constexpr double kSmallestShare = 1e-4;        // of the largest variance
  constexpr double kSmallestVariance = 0x1p-90;  // the mean one of the columns
  const Eigen::VectorXd& values = fit.pairs.values;
  return fit.total >= kSmallestVariance * static_cast<double>(columns) &&
         values[values.size() - 1] >= kSmallestShare * values[0];
}

/// Whether the rounding of the mean to float32 is small compared with the variance of the rows.
bool is_near_origin(const std::vector<double>& mean, ConstView rounded, double total) {
  constexpr double kShare = 1e-8;  // of the total variance
  double error = 0;
  for (std::int64_t j = 0; j < rounded.count(); ++j) {
    const double off = mean[static_cast<std::size_t>(j)] - static_cast<double>(rounded[j]);
    error += off * off;
  }
  return error <= kShare * total;
}

/// Returns nothing if float32 overflows.
std::optional<Fit> fit_in_float(const RowSource& source, std::int64_t rows, ConstView mean, int k,
                                ThreadPool& pool) {
  const std::int64_t columns = mean.count();
  std::vector<double> sums = covariance(source, rows, mean, pool);
  const Eigen::MatrixXd matrix = Eigen::Map<const RowMajor>(sums.data(), columns, columns);
  sums = {};
  if (!matrix.allFinite()) return std::nullopt;
  return Fit{largest_eigenpairs(matrix, k), matrix.trace()};
}

Fit fit_in_double(const CentredRows& x, int k) {
  const Eigen::MatrixXd matrix = x.scatter() / static_cast<double>(x.rows() - 1);
  return {largest_eigenpairs(matrix, k), matrix.trace()};
}

/// The vectors of Xt X from those of X Xt.
Fit fit_by_gram(const CentredRows& x, int k) {
  constexpr double kSmallest = 1e-7;  // of the largest norm: eigenvalues have 14 digits
  const Eigen::MatrixXd gram = x.gram() / static_cast<double>(x.rows() - 1);
  EigenPairs of_rows = largest_eigenpairs(gram, k);
  Fit fit{{std::move(of_rows.values), x.transposed_times(of_rows.vectors)}, gram.trace()};
  const Eigen::Index meaningful = orthonormalise(fit.pairs.vectors, kSmallest);
  fit.pairs.values.tail(k - meaningful).setZero();
  return fit;
}

Fit fit_by_random_directions(const CentredRows& x, int k) {
  const double scale = 1.0 / static_cast<double>(x.rows() - 1);
  Fit fit{by_random_directions(x, k), x.sum_of_squares() * scale};
  fit.pairs.values *= scale;
  return fit;
}

Fit fit_of(const RowSource& source, std::int64_t rows, const std::vector<double>& mean,
           const Pca& pca, int k, ThreadPool& pool) {
  if (pca.method == PcaMethod::kCovariance) {
    if (auto fit = fit_in_float(source, rows, pca.mean, k, pool)) {
      if (is_resolved(*fit, pca.mean.count()) && is_near_origin(mean, pca.mean, fit->total)) {
        return *std::move(fit);
      }
    }
  }
  const CentredRows x(source, rows, mean, pool);
  if (x.sum_of_squares() == 0) {
    const auto d = static_cast<Eigen::Index>(mean.size());
    return {{Eigen::VectorXd::Zero(k), Eigen::MatrixXd::Identity(d, k)}, 0.0};
  }
  switch (pca.method) {
    case PcaMethod::kCovariance:
      return fit_in_double(x, k);
    case PcaMethod::kGram:
      return fit_by_gram(x, k);
    case PcaMethod::kRandomised:
      break;
  }
  return fit_by_random_directions(x, k);
}

/// The sign of a direction is free: it is chosen so that the loading of largest magnitude (the
/// first of equals) is positive.
double sign_of_largest(const Eigen::VectorXd& v) {
  Eigen::Index largest = 0;
  v.cwiseAbs().maxCoeff(&largest);
  return v[largest] < 0 ? -1.0 : 1.0;
}

void check_columns(std::string_view what, std::int64_t wanted, ConstView x) {
  if (x.shape().rank() == 2 && x.size(1) == wanted) return;
  fail("pca", "the {} have shape {}: {} columns are needed", what, x.shape().text(), wanted);
}

/// Scores of centred rows [m, d]. Up to kTransformColumns columns are one product.
void project_rows(View scores, ConstView centred, ConstView components) {
  const std::int64_t m = centred.size(0), d = centred.size(1), k = components.size(0);
  if (d <= kTransformColumns) return matmul_nt(scores, centred, components);
  std::vector<double> sums(static_cast<std::size_t>(scores.count()), 0.0);
  Tensor part(Shape{m, k});
  for (std::int64_t left = 0; left < d; left += kTransformColumns) {
    const std::int64_t width = std::min(kTransformColumns, d - left);
    Tensor rows(Shape{m, width}), directions(Shape{k, width});
    const auto copy = [&](Tensor& to, ConstView from) {
      for (std::int64_t i = 0; i < to.size(0); ++i) {
        std::copy_n(from.data() + i * d + left, width, to.row(i).begin());
      }
    };
    copy(rows, centred);
    copy(directions, components);
    matmul_nt(part, rows, directions);
    for (std::int64_t i = 0; i < part.count(); ++i) {
      sums[static_cast<std::size_t>(i)] += static_cast<double>(part[i]);
    }
  }
  std::transform(sums.begin(), sums.end(), scores.span().begin(),
                 [](double sum) { return static_cast<float>(sum); });
}

}  // namespace

std::string_view name_of(PcaMethod method) {
  switch (method) {
    case PcaMethod::kCovariance:
      return "covariance";
    case PcaMethod::kGram:
      return "gram";
    case PcaMethod::kRandomised:
      break;
  }
  return "randomised";
}

PcaMethod pca_method(std::int64_t rows, std::int64_t columns, const PcaOptions& options) {
  if (columns <= kAnyRowsColumns) return PcaMethod::kCovariance;
  if (rows <= kFewRows) return PcaMethod::kGram;
  return columns <= options.most_exact_columns ? PcaMethod::kCovariance : PcaMethod::kRandomised;
}

bool Pca::no_variance() const {
  return !explained_variance.empty() && explained_variance.front() == 0;
}

Pca fit_pca(const RowSource& source, int components, ThreadPool& pool, const PcaOptions& options) {
  const std::int64_t rows = source.count(), columns = source.columns();
  if (rows < 2) fail("pca", "there are {} rows: at least 2 are needed", rows);
  if (components < 1 || components > std::min(rows, columns)) {
    fail("pca", "{} components of {} rows and {} columns: from 1 to {} are possible", components,
         rows, columns, std::min(rows, columns));
  }
  const std::vector<double> mean = column_means(source, rows, columns, pool);
  Pca pca;
  pca.method = pca_method(rows, columns, options);
  pca.mean = Tensor(Shape{columns});
  std::transform(mean.begin(), mean.end(), pca.mean.span().begin(),
                 [](double m) { return static_cast<float>(m); });
  const Fit fit = fit_of(source, rows, mean, pca, components, pool);
  const EigenPairs& pairs = fit.pairs;
  pca.components = Tensor(Shape{components, columns});
  for (int c = 0; c < components; ++c) {
    const double variance = std::max(0.0, pairs.values[c]);
    pca.explained_variance.push_back(variance);
    pca.explained_variance_ratio.push_back(fit.total > 0 ? variance / fit.total : 0.0);
    const double sign = sign_of_largest(pairs.vectors.col(c));
    for (std::int64_t j = 0; j < columns; ++j) {
      pca.components[c * columns + j] = static_cast<float>(sign * pairs.vectors(j, c));
    }
  }
  return pca;
}

void Pca::check() const {
  if (components.shape().rank() == 2 && mean.shape() == Shape{columns()} && size() >= 1 &&
      columns() >= 1 && (origin.empty() || std::ssize(origin) == columns())) {
    return;
  }
  fail("pca",
       "the components have shape {}, the mean {} and the origin {} values: use the result of "
       "fit_pca()",
       components.shape().text(), mean.shape().text(), origin.size());
}

Tensor Pca::transform(ConstView x, ThreadPool& pool) const {
  check();
  check_columns("data", columns(), x);
  check_finite("pca", x, pool);
  Tensor scores(Shape{x.size(0), size()});
  const std::int64_t grain = std::clamp<std::int64_t>(kTransformFloats / columns(), 1, kRowGrain);
  parallel_for(pool, x.size(0), grain, [&](std::int64_t begin, std::int64_t end) {
    Tensor centred(Shape{end - begin, columns()});
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < columns(); ++j) {
        centred[(i - begin) * columns() + j] = x[i * columns() + j] - mean[j];
      }
    }
    project_rows(scores.view().rows(begin, end), centred, components);
  });
  return scores;
}

Tensor Pca::inverse_transform(ConstView scores, ThreadPool& pool) const {
  check();
  check_columns("scores", size(), scores);
  check_finite("pca", scores, pool);
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
