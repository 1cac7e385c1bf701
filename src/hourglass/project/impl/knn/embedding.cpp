#include "hourglass/project/impl/knn/embedding.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "hourglass/base/random.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/kernels/matmul.h"

namespace hourglass {
namespace {

constexpr std::int64_t kSampleRows = 2048;
constexpr std::int64_t kQueryRows = 64;
constexpr std::int64_t kNearWidths[] = {32, 128};
constexpr std::int64_t kFarWidths[] = {96, 256};
constexpr double kMostOpen = 0.125;  // share of undecided pairs above which wider images are faster
constexpr std::int64_t kSpare = 16;  // extra directions, which speed up convergence
constexpr std::int64_t kMostRotated = 64;  // up to this many columns a rotation pays off
constexpr int kRounds = 1;
constexpr std::int64_t kRowGrain = 64;
constexpr double kUnit = 0x1p-24;  // rounding of a float

using Matrix = Eigen::MatrixXd;

float largest_magnitude(ConstView x, ThreadPool& pool) {
  constexpr std::int64_t kGrain = 1024;
  const std::int64_t d = x.size(1);
  std::vector<float> largest(static_cast<std::size_t>((x.size(0) + kGrain - 1) / kGrain), 0.0f);
  parallel_for(pool, x.size(0), kGrain, [&](std::int64_t begin, std::int64_t end) {
    float& most = largest[static_cast<std::size_t>(begin / kGrain)];
    for (std::int64_t i = begin * d; i < end * d; ++i) most = std::max(most, std::fabs(x[i]));
  });
  return *std::max_element(largest.begin(), largest.end());
}

/// Rows spread evenly over x, scaled and centred. Sets scale and shift.
Tensor centred_sample(Embedding& e, ConstView x, ThreadPool& pool) {
  const std::int64_t n = x.size(0), d = x.size(1), m = std::min(n, kSampleRows);
  int exponent = 0;
  std::frexp(largest_magnitude(x, pool), &exponent);
  e.scale = std::ldexp(1.0f, std::clamp(-exponent, -126, 126));
  Tensor sample(Shape{m, d});
  std::vector<double> sum(static_cast<std::size_t>(d), 0.0);
  for (std::int64_t i = 0; i < m; ++i) {
    const float* row = x.data() + i * n / m * d;
    for (std::int64_t j = 0; j < d; ++j) {
      sample[i * d + j] = row[j] * e.scale;
      sum[static_cast<std::size_t>(j)] += static_cast<double>(sample[i * d + j]);
    }
  }
  e.shift = Tensor(Shape{d});
  for (std::int64_t j = 0; j < d; ++j) {
    e.shift[j] = static_cast<float>(sum[static_cast<std::size_t>(j)] / static_cast<double>(m));
  }
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < d; ++j) sample[i * d + j] -= e.shift[j];
  }
  return sample;
}

Tensor transposed_floats(const Matrix& v) {
  Tensor rows(Shape{v.cols(), v.rows()});
  for (Eigen::Index c = 0; c < v.cols(); ++c) {
    for (Eigen::Index j = 0; j < v.rows(); ++j) {
      rows[c * v.rows() + j] = static_cast<float>(v(j, c));
    }
  }
  return rows;
}

Matrix orthonormal(const Matrix& v) {
  const Eigen::HouseholderQR<Matrix> qr(v);
  return qr.householderQ() * Matrix::Identity(v.rows(), v.cols());
}

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
Matrix doubles(const Tensor& x) {
  return Eigen::Map<const RowMajor>(x.data(), x.size(0), x.size(1)).cast<double>();
}

/// Orthonormal directions [d, count] of large variance in the sample, largest first: subspace
/// iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4), then a rotation within the
/// subspace.
Matrix leading_directions(ConstView sample, std::int64_t count) {
  const std::int64_t m = sample.size(0), d = sample.size(1), width = std::min(d, count + kSpare);
  Matrix v;
  if (width == d) {
    v = Matrix::Identity(d, d);
  } else {
    Rng rng(1);
    v.resize(d, width);
    for (Eigen::Index i = 0; i < v.size(); ++i) v.data()[i] = rng.uniform(-1, 1);
  }
  Tensor shares(Shape{m, width});
  for (int round = 0; width < d && round < kRounds; ++round) {
    matmul_nt(shares, sample, transposed_floats(v));
    Tensor next(Shape{d, width});
    matmul_tn_accumulate(next, sample, shares);
    v = orthonormal(doubles(next));
  }
  matmul_nt(shares, sample, transposed_floats(v));
  Tensor gram(Shape{width, width});
  matmul_tn_accumulate(gram, shares, shares);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(doubles(gram));
  const Matrix rotated = v * solver.eigenvectors().rowwise().reverse();
  return rotated.leftCols(count);
}

/// The norm of a row's remainder, and its error if the squared norm has the error `error`.
struct Rest {
  double length, error;
};
Rest rest(double square, double error) {
  const double length = std::sqrt(std::max(0.0, square));
  return {length, std::min(std::sqrt(2 * error), length > 0 ? error / length : error + 1)};
}

/// A bound on an image's rounding error, relative to the norm of the row: Higham 2002, eq. 3.4, for
/// products in pieces of 128 terms, and the rounding of the basis.
double rounding(const Embedding& e) {
  const double terms = static_cast<double>(std::min<std::int64_t>(e.columns, 128)) +
                       static_cast<double>(e.columns) / 128 + 8;
  const double width = static_cast<double>(e.directions);
  return (e.basis.count() == 0 ? 4 : std::sqrt(width) * terms) * kUnit;
}

void set_width(Embedding& e, std::int64_t near, const Matrix& directions) {
  e.near = near;
  e.directions = directions.cols();
  const std::int64_t stride = padded(e.directions);
  e.basis = Tensor(Shape{e.columns, stride});
  for (std::int64_t j = 0; j < e.columns; ++j) {
    for (std::int64_t c = 0; c < e.directions; ++c) {
      e.basis[j * stride + c] = static_cast<float>(directions(j, c));
    }
  }
}

/// The share of pairs in a sample that the first images do not decide: their distance is not larger
/// than the distance of the row to its nearest neighbour in the sample.
double open_share(const Embedding& e, ConstView x, ThreadPool& pool) {
  const std::int64_t n = x.size(0), m = std::min(n, kSampleRows), queries = std::min(n, kQueryRows);
  std::vector<std::int32_t> rows;
  for (std::int64_t i = 0; i < m; ++i) rows.push_back(static_cast<std::int32_t>(i * n / m));
  const Images images = embed(e, x, rows, pool);
  std::vector<std::int64_t> open(static_cast<std::size_t>(queries), 0);
  pool.run(queries, [&](std::int64_t a) {
    const std::int64_t own = a * m / queries;
    const auto row = [&](std::int64_t i) {
      return x.row(rows[static_cast<std::size_t>(i)]).data();
    };
    double nearest = std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < m; ++i) {
      const double squared = kernels().near.squared_distance(row(own), row(i), x.size(1));
      if (squared > 0) nearest = std::min(nearest, squared);
    }
    nearest *= static_cast<double>(e.scale) * static_cast<double>(e.scale);
    for (std::int64_t i = 0; i < m; ++i) {
      const double squared = kernels().near.squared_distance(images.near.row(own).data(),
                                                             images.near.row(i).data(), e.near);
      open[static_cast<std::size_t>(a)] += squared <= nearest ? 1 : 0;
    }
  });
  return static_cast<double>(std::accumulate(open.begin(), open.end(), std::int64_t{0})) /
         static_cast<double>(m * queries);
}

}  // namespace

Embedding fit_embedding(ConstView x, ThreadPool& pool) {
  const std::int64_t d = x.size(1);
  Embedding e;
  e.columns = d;
  const Tensor sample = centred_sample(e, x, pool);
  if (d <= kMostRotated) {
    set_width(e, d, leading_directions(sample, d));
    return e;
  }
  for (const std::int64_t near : kNearWidths) {
    if (2 * near > d) break;
    e.far.clear();
    for (const std::int64_t width : kFarWidths) {
      if (width > near && width < d) e.far.push_back(width);
    }
    set_width(e, near, leading_directions(sample, (e.far.empty() ? near : e.far.back()) - 1));
    if (open_share(e, x, pool) < kMostOpen) return e;
  }
  e.far.clear();
  e.near = e.directions = d;
  e.basis = Tensor();
  return e;
}

Images embed(const Embedding& e, ConstView x, std::span<const std::int32_t> rows,
             ThreadPool& pool) {
  const auto m = static_cast<std::int64_t>(rows.size());
  const std::int64_t d = e.columns, stride = padded(e.directions);
  const bool rotated = e.basis.count() > 0, whole = e.near == d;
  const double unit = rounding(e);
  // The squares of smaller values are not normal floats.
  const double smallest = 1e-18 * std::sqrt(static_cast<double>(d));
  Images images{Tensor(Shape{m, e.near}), {}, std::vector<float>(rows.size())};
  for (const std::int64_t width : e.far) images.far.emplace_back(Shape{m, width});
  parallel_for(pool, m, kRowGrain, [&](std::int64_t begin, std::int64_t end) {
    Tensor shifted(Shape{end - begin, d}), shares(Shape{end - begin, rotated ? stride : 0});
    std::vector<std::int32_t> in_offset, out_offset;
    std::vector<double> norm;
    for (std::int64_t i = begin; i < end; ++i) {
      const float* row = x.data() + rows[static_cast<std::size_t>(i)] * d;
      float* out = shifted.data() + (i - begin) * d;
      for (std::int64_t j = 0; j < d; ++j) out[j] = row[j] * e.scale - e.shift[j];
      norm.push_back(0);
      for (std::int64_t j = 0; j < d; ++j) {
        norm.back() += static_cast<double>(out[j]) * static_cast<double>(out[j]);
      }
      in_offset.push_back(static_cast<std::int32_t>((i - begin) * d));
      out_offset.push_back(static_cast<std::int32_t>((i - begin) * stride));
    }
    if (rotated) {
      constexpr std::int32_t kOneTap[] = {0};
      kernels().product({shares.data(),
                         out_offset.data(),
                         shifted.data(),
                         {in_offset.data(), end - begin, kOneTap, 1, d},
                         e.basis.data(),
                         nullptr,
                         stride});
    }
    for (std::int64_t i = begin; i < end; ++i) {
      const double square = norm[static_cast<std::size_t>(i - begin)], length = std::sqrt(square);
      const float* share =
          rotated ? shares.data() + (i - begin) * stride : shifted.data() + (i - begin) * d;
      double error = unit * length + smallest;
      // The first `given` shares, then the norm of the remainder.
      const auto fill = [&](float* out, std::int64_t width) {
        const std::int64_t given = whole ? width : width - 1;
        std::copy_n(share, given, out);
        if (whole) return;
        double left = square;
        for (std::int64_t c = 0; c < given; ++c) {
          left -= static_cast<double>(share[c]) * static_cast<double>(share[c]);
        }
        const Rest r = rest(left, 4 * unit * square + smallest * smallest);
        out[width - 1] = static_cast<float>(r.length);
        error = std::max(error, unit * length + smallest + r.error + kUnit * r.length);
      };
      const bool tame = square < 1e30;  // otherwise the image stays zero, with an infinite error
      if (tame) fill(images.near.data() + i * e.near, e.near);
      for (std::size_t f = 0; tame && f < e.far.size(); ++f) {
        fill(images.far[f].data() + i * e.far[f], e.far[f]);
      }
      images.error[static_cast<std::size_t>(i)] =
          tame ? static_cast<float>(error) : std::numeric_limits<float>::infinity();
    }
  });
  return images;
}

}  // namespace hourglass
