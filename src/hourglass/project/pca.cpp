#include "hourglass/project/pca.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/kernels/matmul.h"
#include "hourglass/project/impl/covariance.h"
#include "hourglass/project/impl/directions.h"

namespace hourglass {
namespace {

constexpr std::int64_t kRowGrain = 128;
constexpr std::int64_t kAnyRowsColumns = 4096;  // the covariance matrix is small
constexpr std::int64_t kFewRows = 2048;
constexpr std::int64_t kTransformFloats = std::int64_t{1}
                                          << 21;   // 8 MiB of centred rows per thread
constexpr std::int64_t kTransformColumns = 16384;  // longer sums are split and added in double

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

/// value - float(value), as a float.
float rest_of(double value) {
  return static_cast<float>(value - static_cast<double>(static_cast<float>(value)));
}

/// tensor + rest, or tensor where the rest is empty.
std::vector<double> sum_of(ConstView tensor, ConstView rest) {
  std::vector<double> sum(static_cast<std::size_t>(tensor.count()));
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    sum[static_cast<std::size_t>(i)] =
        static_cast<double>(tensor[i]) + (rest.count() > 0 ? static_cast<double>(rest[i]) : 0.0);
  }
  return sum;
}

/// Scores [n, k] of rows x [n, d], in double.
Tensor transform_in_double(const Pca& pca, ConstView x, ThreadPool& pool) {
  const std::int64_t d = pca.columns(), k = pca.size();
  const std::vector<double> mean = sum_of(pca.mean, pca.mean_rest);
  const std::vector<double> components = sum_of(pca.components, pca.components_rest);
  std::vector<double> by_column(components.size());  // [d, k]
  for (std::int64_t c = 0; c < k; ++c) {
    for (std::int64_t j = 0; j < d; ++j) {
      by_column[static_cast<std::size_t>(j * k + c)] =
          components[static_cast<std::size_t>(c * d + j)];
    }
  }
  Tensor scores(Shape{x.size(0), k});
  parallel_for(pool, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sums(static_cast<std::size_t>(k));
    for (std::int64_t i = begin; i < end; ++i) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (std::int64_t j = 0; j < d; ++j) {
        const double centred =
            static_cast<double>(x[i * d + j]) - mean[static_cast<std::size_t>(j)];
        const double* column = by_column.data() + j * k;
        for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += centred * column[c];
      }
      std::ranges::transform(sums, scores.row(i).begin(),
                             [](double sum) { return static_cast<float>(sum); });
    }
  });
  return scores;
}

/// Points [n, d] of scores [n, k], in double.
Tensor inverse_in_double(const Pca& pca, ConstView scores, ThreadPool& pool) {
  const std::int64_t d = pca.columns(), k = pca.size();
  const std::vector<double> mean = sum_of(pca.mean, pca.mean_rest);
  const std::vector<double> components = sum_of(pca.components, pca.components_rest);
  Tensor points(Shape{scores.size(0), d});
  parallel_for(pool, scores.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      std::vector<double> sums = mean;
      for (std::int64_t c = 0; c < k; ++c) {
        const double score = static_cast<double>(scores[i * k + c]);
        const double* component = components.data() + c * d;
        for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += score * component[j];
      }
      std::ranges::transform(sums, points.row(i).begin(),
                             [](double sum) { return static_cast<float>(sum); });
    }
  });
  return points;
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
  const Directions fitted = fit_directions(source, mean, pca.mean, pca.method, components, pool);
  const EigenPairs& pairs = fitted.pairs;
  pca.components = Tensor(Shape{components, columns});
  if (fitted.need_double) {
    pca.mean_rest = Tensor(Shape{columns});
    std::ranges::transform(mean, pca.mean_rest.span().begin(), rest_of);
    pca.components_rest = Tensor(Shape{components, columns});
  }
  for (int c = 0; c < components; ++c) {
    const double variance = std::max(0.0, pairs.values[c]);
    pca.explained_variance.push_back(variance);
    pca.explained_variance_ratio.push_back(fitted.total > 0 ? variance / fitted.total : 0.0);
    const double sign = sign_of_largest(pairs.vectors.col(c));
    for (std::int64_t j = 0; j < columns; ++j) {
      const double loading = sign * pairs.vectors(j, c);
      pca.components[c * columns + j] = static_cast<float>(loading);
      if (fitted.need_double) pca.components_rest[c * columns + j] = rest_of(loading);
    }
  }
  return pca;
}

void Pca::check() const {
  const bool rests =
      components_rest.shape() == components.shape() && mean_rest.shape() == mean.shape();
  if (components.shape().rank() == 2 && mean.shape() == Shape{columns()} && size() >= 1 &&
      columns() >= 1 && (origin.empty() || std::ssize(origin) == columns()) &&
      (rests || components_rest.count() + mean_rest.count() == 0)) {
    return;
  }
  fail("pca",
       "the components have shape {}, the mean {}, their rests {} and {} and the origin {} values: "
       "use the result of fit_pca()",
       components.shape().text(), mean.shape().text(), components_rest.shape().text(),
       mean_rest.shape().text(), origin.size());
}

Tensor Pca::transform(ConstView x, ThreadPool& pool) const {
  check();
  check_columns("data", columns(), x);
  check_finite("pca", x, pool);
  if (in_double()) return transform_in_double(*this, x, pool);
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
  if (in_double()) return inverse_in_double(*this, scores, pool);
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
