// PCA of every size and of values of every size: each method against the exact one.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../tests/golden/golden.h"
#include "hourglass/base/progress.h"
#include "hourglass/base/random.h"
#include "hourglass/base/sanitized_test.h"
#include "hourglass/kernels/each_set_test.h"
#include "hourglass/project/pca.h"

namespace hourglass {
namespace {

/// Six directions whose spread halves from one to the next, and a little noise.
Tensor planted(std::int64_t rows, std::int64_t columns) {
  constexpr std::int64_t kDirections = 6;
  Rng rng(3);
  std::vector<double> directions(static_cast<std::size_t>(kDirections * columns));
  for (double& v : directions) v = rng.normal() / std::sqrt(static_cast<double>(columns));
  Tensor x(Shape{rows, columns});
  for (std::int64_t i = 0; i < rows; ++i) {
    std::array<double, kDirections> scores;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      scores[c] = 8.0 * rng.normal() / static_cast<double>(1 << c);
    }
    for (std::int64_t j = 0; j < columns; ++j) {
      double value = 0.5 + 1e-3 * rng.uniform(-1.0, 1.0);
      for (std::size_t c = 0; c < scores.size(); ++c) {
        value += scores[c] *
                 directions[c * static_cast<std::size_t>(columns) + static_cast<std::size_t>(j)];
      }
      x[i * columns + j] = static_cast<float>(value);
    }
  }
  return x;
}

/// One direction and a little noise: faster to make than planted().
Tensor one_direction(std::int64_t rows, std::int64_t columns) {
  Tensor x = golden::noise(5, Shape{rows, columns});
  const Tensor direction = golden::noise(6, Shape{columns}), scores = golden::noise(7, Shape{rows});
  for (std::int64_t i = 0; i < rows; ++i) {
    float* row = x.row(i).data();
    for (std::int64_t j = 0; j < columns; ++j) row[j] = 0.01f * row[j] + scores[i] * direction[j];
  }
  return x;
}

/// x with columns of zeros on its right.
Tensor widened(const Tensor& x, std::int64_t columns) {
  Tensor out(Shape{x.size(0), columns});
  for (std::int64_t i = 0; i < x.size(0); ++i) std::ranges::copy(x.row(i), out.row(i).begin());
  return out;
}

void expect_same_axes(const Pca& a, const Pca& b, double error) {
  ASSERT_EQ(a.size(), b.size());
  for (std::int64_t c = 0; c < a.size(); ++c) {
    const auto k = static_cast<std::size_t>(c);
    double with_sign = 0;
    for (std::int64_t j = 0; j < std::min(a.columns(), b.columns()); ++j) {
      with_sign += static_cast<double>(a.components.row(c)[static_cast<std::size_t>(j)]) *
                   static_cast<double>(b.components.row(c)[static_cast<std::size_t>(j)]);
    }
    const double off = std::sqrt(std::max(0.0, 1 - with_sign * with_sign));
    EXPECT_GT(with_sign, 0) << "axis " << c;
    EXPECT_LT(off, error) << "axis " << c;
    EXPECT_NEAR(a.explained_variance[k], b.explained_variance[k], 1e-5 * b.explained_variance[k])
        << "axis " << c;
    EXPECT_NEAR(a.explained_variance_ratio[k], b.explained_variance_ratio[k], 1e-5);
  }
}

void expect_orthonormal(const Pca& pca) {
  for (std::int64_t a = 0; a < pca.size(); ++a) {
    for (std::int64_t b = 0; b <= a; ++b) {
      double product = 0;
      for (std::size_t j = 0; j < pca.components.row(a).size(); ++j) {
        product += static_cast<double>(pca.components.row(a)[j]) *
                   static_cast<double>(pca.components.row(b)[j]);
      }
      EXPECT_NEAR(product, a == b ? 1 : 0, 1e-5) << a << " " << b;
    }
  }
}

void expect_same_bits_for_any_threads(const Tensor& x, int components, const PcaOptions& options,
                                      const std::vector<int>& numbers = {2, 3, 8}) {
  ThreadPool one(1);
  const Pca expected = fit_pca(x, components, one, options);
  const Tensor scores = expected.transform(x, one);
  for (const int threads : numbers) {
    ThreadPool pool(threads);
    const Pca pca = fit_pca(x, components, pool, options);
    EXPECT_TRUE(std::ranges::equal(pca.components.span(), expected.components.span())) << threads;
    EXPECT_EQ(pca.explained_variance, expected.explained_variance) << threads;
    EXPECT_EQ(pca.explained_variance_ratio, expected.explained_variance_ratio) << threads;
    EXPECT_TRUE(std::ranges::equal(pca.transform(x, pool).span(), scores.span())) << threads;
  }
}

constexpr PcaOptions kFewExact{.most_exact_columns = 4096};

TEST(PcaMethods, TheSizesAloneDecide) {
  EXPECT_EQ(pca_method(2, 4096), PcaMethod::kCovariance);
  EXPECT_EQ(pca_method(2048, 4097), PcaMethod::kGram);
  EXPECT_EQ(pca_method(2049, 16384), PcaMethod::kCovariance);
  EXPECT_EQ(pca_method(2049, 16385), PcaMethod::kRandomised);
  EXPECT_EQ(pca_method(2049, 4097, kFewExact), PcaMethod::kRandomised);
}

TEST(PcaMethods, FewRowsHaveTheAxesOfTheCovariance) {
  const Tensor x = planted(60, 4096);
  ThreadPool pool(2);
  const Pca exact = fit_pca(x, 5, pool), gram = fit_pca(widened(x, 20000), 5, pool);
  EXPECT_EQ(exact.method, PcaMethod::kCovariance);
  EXPECT_EQ(gram.method, PcaMethod::kGram);
  expect_same_axes(gram, exact, 1e-4);
}

TEST(PcaMethods, ManyRowsAndColumnsHaveNearlyTheAxesOfTheGramMatrix) {
  // The rows of one half twice over: the same axes, with other denominators.
  const Tensor half = planted(1050, 4200);
  Tensor x(Shape{2100, 4200});
  std::ranges::copy(half.span(), x.span().begin());
  std::ranges::copy(half.span(), x.span().begin() + half.count());
  ThreadPool pool(2);
  Pca exact = fit_pca(half, 5, pool);
  const Pca randomised = fit_pca(x, 5, pool, kFewExact);
  EXPECT_EQ(exact.method, PcaMethod::kGram);
  EXPECT_EQ(randomised.method, PcaMethod::kRandomised);
  for (double& v : exact.explained_variance) v *= 2.0 * 1049 / 2099;
  expect_same_axes(randomised, exact, 1e-3);
}

TEST(PcaMethods, ThreadsDoNotChangeABitOfAny) {
  expect_same_bits_for_any_threads(planted(300, 200), 5, {});
  expect_same_bits_for_any_threads(planted(70, 20000), 5, {});
  // The smallest size of the randomised method.
  expect_same_bits_for_any_threads(one_direction(2049, 4097), 1, kFewExact, {3});
  Tensor outlier = planted(3000, 70);
  for (float& v : outlier.row(17)) v = 1e6f;
  expect_same_bits_for_any_threads(outlier, 3, {});
}

TEST(PcaMethods, FiveImagesOf786432PixelsAreRestoredFromFourDirections) {
  const Tensor x = golden::noise(4, Shape{5, 786432});
  ThreadPool pool(2);
  const Pca pca = fit_pca(x, 5, pool);  // the fifth has no variance
  EXPECT_EQ(pca.method, PcaMethod::kGram);
  EXPECT_EQ(pca.explained_variance[4], 0.0);
  expect_orthonormal(pca);
  const Tensor back = pca.inverse_transform(pca.transform(x, pool), pool);
  double largest = 0;
  for (std::int64_t i = 0; i < x.count(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(back[i] - x[i])));
  }
  EXPECT_LT(largest, 1e-5);
}

TEST(PcaMethods, SlowThreeThousandRowsOf20000ColumnsShowTheirDirections) {
  const Tensor narrow = planted(3000, 4096);
  ThreadPool pool(2);
  const Pca exact = fit_pca(narrow, 5, pool);
  const Pca randomised = fit_pca(widened(narrow, 20000), 5, pool);
  EXPECT_EQ(randomised.method, PcaMethod::kRandomised);
  expect_same_axes(randomised, exact, 1e-3);
}

TEST(PcaMethods, EqualRowsHaveAnyAxesAndNoScores) {
  ThreadPool pool(2);
  for (const auto& [rows, columns] : {std::pair{20, 129}, {20, 5000}, {2060, 4100}}) {
    Tensor x(Shape{rows, columns});
    std::ranges::fill(x.span(), 0.3f);
    const Pca pca = fit_pca(x, 3, pool, kFewExact);
    EXPECT_TRUE(pca.no_variance()) << columns;
    EXPECT_EQ(pca.explained_variance_ratio, (std::vector<double>{0, 0, 0}));
    expect_orthonormal(pca);
    const Tensor scores = pca.transform(x, pool);
    EXPECT_TRUE(std::ranges::all_of(scores.span(), [](float s) { return s == 0; })) << columns;
  }
}

TEST(PcaMethods, FewerDirectionsThanAskedForAreFilledUp) {
  ThreadPool pool(2);
  for (const std::int64_t columns : {200, 5000}) {
    Tensor x(Shape{300, columns});  // on a line
    for (std::int64_t i = 0; i < 300; ++i) {
      for (std::int64_t j = 0; j < columns; ++j)
        x[i * columns + j] = static_cast<float>(i * (j % 3));
    }
    const Pca pca = fit_pca(x, 4, pool);
    EXPECT_NEAR(pca.explained_variance_ratio[0], 1, 1e-9);
    EXPECT_NEAR(pca.explained_variance_ratio[1], 0, 1e-9);
    expect_orthonormal(pca);
  }
}

TEST(PcaMethods, ScaleChangesOnlyTheVariances) {
  const Tensor x = planted(200, 40);
  ThreadPool pool(2);
  const Pca expected = fit_pca(x, 4, pool);
  for (const int exponent : {-110, -70, 70, 110}) {
    Tensor scaled = x.clone();
    for (float& v : scaled.span()) v = std::ldexp(v, exponent);
    const Pca pca = fit_pca(scaled, 4, pool);
    for (std::size_t c = 0; c < 4; ++c) {
      EXPECT_NEAR(std::ldexp(pca.explained_variance[c], -2 * exponent),
                  expected.explained_variance[c], 1e-5 * expected.explained_variance[c])
          << exponent;
    }
    for (std::int64_t i = 0; i < pca.components.count(); ++i) {
      ASSERT_NEAR(pca.components[i], expected.components[i], 1e-4) << exponent << " at " << i;
    }
  }
}

TEST(PcaMethods, AFarOutlierLeavesTheSecondAxisRight) {
  // Without the outlier's direction, the rows spread by 2 along (1, -1, 0) and by 1 along another.
  Rng rng(5);
  Tensor x(Shape{1000, 3});
  for (std::int64_t i = 0; i < 1000; ++i) {
    const double along = 2 * rng.normal(), across = rng.normal();
    x[i * 3] = static_cast<float>(along + across);
    x[i * 3 + 1] = static_cast<float>(across - along);
    x[i * 3 + 2] = static_cast<float>(-2 * across);
  }
  ThreadPool pool(2);
  const Pca before = fit_pca(x, 1, pool);
  for (float& v : x.row(500)) v = 1e6f;
  const Pca pca = fit_pca(x, 2, pool);
  EXPECT_NEAR(pca.components[0], 0.57735, 1e-4);
  double cosine = 0;
  for (std::int64_t j = 0; j < 3; ++j) {
    cosine +=
        static_cast<double>(pca.components[3 + j]) * static_cast<double>(before.components[j]);
  }
  EXPECT_GT(std::abs(cosine), 0.999);
  EXPECT_NEAR(pca.explained_variance[1] / before.explained_variance[0], 1, 0.01);
}

/// The largest error of a column of scores, relative to its largest entry: of `scores` [n, 2]
/// against the products of centred rows and exact directions, in long double.
double worst_column(const Tensor& scores, const Tensor& x, const std::vector<double>& first,
                    const std::vector<double>& second) {
  const std::int64_t n = x.size(0), d = x.size(1);
  std::vector<long double> mean(static_cast<std::size_t>(d), 0.0L);
  for (std::int64_t i = 0; i < x.count(); ++i) {
    mean[static_cast<std::size_t>(i % d)] += static_cast<long double>(x[i]) / n;
  }
  double worst = 0;
  for (std::int64_t c = 0; c < 2; ++c) {
    const std::vector<double>& direction = c == 0 ? first : second;
    double error = 0, largest = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      long double score = 0;
      for (std::size_t j = 0; j < mean.size(); ++j) {
        const long double centred = static_cast<long double>(x.row(i)[j]) - mean[j];
        score += centred * static_cast<long double>(direction[j]);
      }
      // Without its sign: two loadings of the second direction have one magnitude.
      const double found = std::abs(static_cast<double>(scores[i * 2 + c]));
      error = std::max(error, std::abs(found - std::abs(static_cast<double>(score))));
      largest = std::max(largest, std::abs(static_cast<double>(score)));
    }
    worst = std::max(worst, error / largest);
  }
  return worst;
}

TEST(PcaMethods, AnOutlierOfAnySizeLeavesEveryScoreRight) {
  ThreadPool pool(2);
  for (const std::int64_t columns : {4, 140, 5000}) {
    for (const float far : {1e5f, 1e6f, 1e8f, 1e10f}) {
      Rng rng(6);
      Tensor x(Shape{400, columns});
      for (std::int64_t i = 0; i < 400; i += 2) {
        const auto value = static_cast<float>(2 * rng.normal());
        x.row(i)[1] = value;  // pairs of opposite rows: their mean is 0
        x.row(i + 1)[1] = -value;
      }
      x.row(10)[1] = x.row(11)[1] = 0;
      x.row(10)[0] = far;
      // Turned, so that the outlier's direction is no axis.
      Tensor turned(Shape{400, columns});
      for (std::int64_t i = 0; i < 400; ++i) {
        turned.row(i)[0] = 0.25f * x.row(i)[0] + x.row(i)[1];
        turned.row(i)[1] = 0.25f * x.row(i)[0] - x.row(i)[1];
        turned.row(i)[2] = turned.row(i)[3] = 0.25f * x.row(i)[0];
      }
      std::vector<double> first(static_cast<std::size_t>(columns), 0.0), second = first;
      for (std::size_t j = 0; j < 4; ++j) first[j] = 0.5;
      second[0] = std::sqrt(0.5);
      second[1] = -second[0];
      const Pca pca = fit_pca(turned, 2, pool);
      EXPECT_TRUE(pca.in_double()) << columns << " columns, " << far;
      EXPECT_LT(worst_column(pca.transform(turned, pool), turned, first, second), 1e-3)
          << columns << " columns, " << far;
    }
  }
}

TEST(PcaMethods, Float32RowsFarFromZeroHaveCentredScores) {
  ThreadPool pool(2);
  for (const std::int64_t columns : {4, 5000}) {
    Tensor x(Shape{200, columns});
    for (float& v : x.span()) v = 1048577.0f;  // odd: its mean with 0.5 beside it is no float32
    for (std::int64_t i = 0; i < 200; ++i) {
      x.row(i)[0] += static_cast<float>(i % 3) * 4;
      x.row(i)[1] += static_cast<float>(i % 7 % 2);
    }
    const Pca pca = fit_pca(x, 2, pool);
    const Tensor scores = pca.transform(x, pool);
    double sum = 0;
    for (std::int64_t i = 0; i < 200; ++i) sum += static_cast<double>(scores[i * 2 + 1]);
    EXPECT_NEAR(sum / 200, 0, 1e-4) << columns << ": the mean's own rounding is 0.03";
  }
}

TEST(PcaMethods, UsualRowsHaveTheBitsOfVersion010) {
  if (fused_sets_here().empty()) GTEST_SKIP() << "this processor has no kernel set that fuses";
  const WithKernels set(fused_sets_here().front());
  ThreadPool pool(2);
  const auto hash_of = [&](const Tensor& x, int components) {
    const Pca pca = fit_pca(x, components, pool);
    const Tensor scores = pca.transform(x, pool);
    return bits_of(pca.components.span(), scores.span(), pca.explained_variance);
  };
  EXPECT_EQ(hash_of(golden::noise(1, Shape{300, 12}), 4),
            "465ced75c7903958b0b63099d35d2ce8d677009af5810005e0887bbea3bcea42");
  EXPECT_EQ(hash_of(golden::noise(2, Shape{2500, 200}), 9),
            "e03d95fd83249d5fadf3ec7d04d036154bc715180d24c125ba3243a6ea2d96d2");
  EXPECT_EQ(hash_of(golden::noise(3, Shape{40, 300}), 30),
            "c4d75561af12642c41051a52006d59c367601ee6a26a1829229e66018998c99a");
}

TEST(Pca, FewNearlyEqualWideRowsTakeNoFullDecomposition) {
  if (kSanitized) GTEST_SKIP() << "time: sanitizers have their own";
  // 4,096 columns take half a minute by it.
  Tensor x(Shape{30, 4096});
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = static_cast<float>(i % 64) / 255.0F;
  x[3 * 4096 + 650] += 1.0F / 255.0F;
  ThreadPool pool;
  const double started = monotonic_seconds();
  const Pca pca = fit_pca(x, 8, pool);
  EXPECT_LT(monotonic_seconds() - started, 20.0) << "1.5 s on a machine without other work";
  EXPECT_GT(pca.explained_variance[0], 0.0);
  EXPECT_LT(pca.explained_variance[1], 1e-6 * pca.explained_variance[0]);
}

}  // namespace
}  // namespace hourglass
