#include "hourglass/project/impl/directions.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "hourglass/project/impl/centred_rows.h"
#include "hourglass/project/impl/covariance.h"
#include "hourglass/project/impl/random_directions.h"

namespace hourglass {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Whether float32 was precise enough: its products have an error of about 1e-7 of the largest
/// variance, and underflow below 1e-38. Both show in the result.
bool is_resolved(const Directions& fit, std::int64_t columns) {
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

/// Returns nothing if float32 overflows, or if another method is quicker.
std::optional<Directions> fit_in_float(const RowSource& source, std::int64_t rows, ConstView mean,
                                       int k, ThreadPool& pool) {
  const std::int64_t columns = mean.count();
  std::vector<double> sums = covariance(source, rows, mean, pool);
  const Eigen::MatrixXd matrix = Eigen::Map<const RowMajor>(sums.data(), columns, columns);
  sums = {};
  if (!matrix.allFinite()) return std::nullopt;
  if (rows >= columns) return Directions{largest_eigenpairs(matrix, k), matrix.trace()};
  auto pairs = quick_eigenpairs(matrix, k);  // otherwise Gram is quicker
  if (!pairs) return std::nullopt;
  return Directions{*std::move(pairs), matrix.trace()};
}

Directions fit_in_double(const CentredRows& x, int k) {
  const Eigen::MatrixXd matrix = x.scatter() / static_cast<double>(x.rows() - 1);
  return {largest_eigenpairs(matrix, k), matrix.trace()};
}

/// The vectors of Xt X from those of X Xt.
Directions fit_by_gram(const CentredRows& x, int k) {
  constexpr double kSmallest = 1e-7;  // of the largest norm: eigenvalues have 14 digits
  const Eigen::MatrixXd gram = x.gram() / static_cast<double>(x.rows() - 1);
  EigenPairs of_rows = largest_eigenpairs(gram, k);
  Directions fit{{std::move(of_rows.values), x.transposed_times(of_rows.vectors)}, gram.trace()};
  const Eigen::Index meaningful = orthonormalise(fit.pairs.vectors, kSmallest);
  fit.pairs.values.tail(k - meaningful).setZero();
  return fit;
}

Directions fit_by_random_directions(const CentredRows& x, int k) {
  const double scale = 1.0 / static_cast<double>(x.rows() - 1);
  const std::vector<double> norms = x.squared_norms();
  Directions fit{by_random_directions(x, k),
                 std::accumulate(norms.begin(), norms.end(), 0.0) * scale};
  fit.pairs.values *= scale;
  return fit;
}

Directions fit_by(PcaMethod method, const CentredRows& x, int k) {
  switch (method) {
    case PcaMethod::kCovariance:
      return fit_in_double(x, k);
    case PcaMethod::kGram:
      return fit_by_gram(x, k);
    case PcaMethod::kRandomised:
      break;
  }
  return fit_by_random_directions(x, k);
}

// Of the largest eigenvalue. Vectors of eigenvalues above kTrusted are right to about 1e-8; those
// below kRounding are what the rounding of double leaves.
constexpr double kTrusted = 1e-8;
constexpr double kRounding = 1e-22;
constexpr double kGap = 100;  // between the spreads of two components

/// The directions after one more power iteration: what they have of far smaller directions, more
/// than rounding if Lanczos stopped early, then becomes as much smaller as these are.
Eigen::MatrixXd polished(const CentredRows& x, const Eigen::MatrixXd& directions) {
  Eigen::MatrixXd better = x.transposed_times(x.times(directions));
  orthonormalise(better, 0.0);
  return better;
}

/// A fit in which one huge direction, as of an outlier, does not drown the next ones: where
/// eigenvalues are too small to be trusted, their directions are fitted to what the trusted
/// directions leave of the rows.
/// Sets `rounding` to the value below which eigenvalues mean nothing.
Directions fit_in_stages(PcaMethod method, CentredRows& x, int k, double& rounding) {
  Directions fit = fit_by(method, x, k);
  Eigen::VectorXd& values = fit.pairs.values;
  Eigen::MatrixXd& vectors = fit.pairs.vectors;
  const double largest = values[0];
  for (Eigen::Index from = 0, to = 0; largest > 0; from = to) {
    while (to < k && values[to] >= kTrusted * values[from]) ++to;
    rounding = 1e-14 * values[from];
    // Without a gap, as in images, all that is lost is lost gradually, and little of it.
    if (to == k || values[to - 1] < kGap * kGap * values[to]) break;
    const Eigen::MatrixXd found = polished(x, vectors.middleCols(from, to - from));
    x.remove(found);
    const Directions rest = fit_by(method, x, static_cast<int>(k - to));
    if (rest.pairs.values[0] <= kRounding * largest) {
      rounding = kTrusted * values[from];
      break;
    }
    vectors.middleCols(from, to - from) = found;
    values.tail(k - to) = rest.pairs.values;
    vectors.rightCols(k - to) = rest.pairs.vectors;
    orthonormalise(vectors, 0.0);
  }
  return fit;
}

/// Whether scores need the digits that float32 leaves of mean and components: because the rows are
/// far from zero, or because some components are far smaller than others. Usual rows do not,
/// whatever the number of components.
bool needs_double(const std::vector<double>& mean, ConstView rounded, const EigenPairs& pairs,
                  double longest, double rounding) {
  constexpr double kError = 1e-4;  // of the smallest component's spread
  constexpr double kFar = 1e3;
  double smallest = 0, gap = 1;
  for (Eigen::Index c = 0; c < pairs.values.size() && pairs.values[c] > rounding; ++c) {
    const double spread = std::sqrt(pairs.values[c]);
    if (c > 0) gap = std::max(gap, smallest / spread);
    smallest = spread;
  }
  double norm = 0, error = 0;
  for (std::int64_t j = 0; j < rounded.count(); ++j) {
    const double m = mean[static_cast<std::size_t>(j)];
    norm = std::hypot(norm, m);
    error = std::hypot(error, m - static_cast<double>(rounded[j]));
  }
  const bool far = norm > kFar * std::sqrt(std::max(0.0, pairs.values[0]));
  return std::max(error, longest * 0x1p-24) > kError * smallest && (far || gap > kGap);
}

}  // namespace

Directions fit_directions(const RowSource& source, const std::vector<double>& mean,
                          ConstView rounded, PcaMethod method, int k, ThreadPool& pool) {
  const std::int64_t rows = source.count();
  if (method == PcaMethod::kCovariance) {
    if (auto fit = fit_in_float(source, rows, rounded, k, pool)) {
      if (is_resolved(*fit, rounded.count()) && is_near_origin(mean, rounded, fit->total)) {
        return *std::move(fit);
      }
    }
  }
  CentredRows x(source, rows, mean, pool);
  const std::vector<double> norms = x.squared_norms();
  const double longest = std::sqrt(*std::max_element(norms.begin(), norms.end()));
  if (longest == 0) {
    const auto d = static_cast<Eigen::Index>(mean.size());
    return {{Eigen::VectorXd::Zero(k), Eigen::MatrixXd::Identity(d, k)}};
  }
  const bool wide = rows < rounded.count() && rounded.count() > kLargeMatrix;
  if (method == PcaMethod::kCovariance && wide) method = PcaMethod::kGram;
  double rounding = 0;
  Directions fit = fit_in_stages(method, x, k, rounding);
  fit.need_double = needs_double(mean, rounded, fit.pairs, longest, rounding);
  return fit;
}

}  // namespace hourglass
