#include "hourglass/project/pca.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// As the PCA input of record_projections.py.
Tensor recorded_input() {
  Tensor x = golden::noise(1, Shape{300, 12});
  for (std::int64_t i = 0; i < 300; ++i) {
    const auto row = x.row(i);
    for (std::size_t j = 0; j < 12; ++j) row[j] *= 1.0f / static_cast<float>(1 + j);
    row[5] += 0.5f * row[0];
  }
  return x;
}

void expect_near(std::span<const float> values, const std::vector<double>& expected, double error) {
  ASSERT_GE(values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(values[i]), expected[i], error) << "at " << i;
  }
}

TEST(Pca, EqualsScikitLearn) {
  const Tensor x = recorded_input();
  ThreadPool pool(2);
  const Pca pca = fit_pca(x, 4, pool);
  const auto expected = golden::read("projections.txt");
  expect_near(pca.components.span(), expected.at("pca_components"), 1e-5);
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(pca.explained_variance[c], expected.at("pca_variance")[c], 1e-7);
    EXPECT_NEAR(pca.explained_variance_ratio[c], expected.at("pca_ratio")[c], 1e-6);
  }
  expect_near(pca.transform(x, pool).span(), expected.at("pca_scores_first_rows"), 1e-5);
}

TEST(Pca, AllComponentsGiveBackTheData) {
  const Tensor x = recorded_input();
  ThreadPool pool(1);
  const Pca pca = fit_pca(x, 12, pool);
  const Tensor back = pca.inverse_transform(pca.transform(x, pool), pool);
  for (std::int64_t i = 0; i < x.count(); ++i) ASSERT_NEAR(back[i], x[i], 2e-6) << "at " << i;
}

TEST(Pca, ThreadsAndTheWayRowsArriveDoNotChangeABit) {
  const Tensor x = golden::noise(5, Shape{2500, 200});  // several blocks of rows, two panels
  ThreadPool one(1);
  const Pca expected = fit_pca(x, 9, one);
  std::vector<std::int64_t> all(2500);
  std::iota(all.begin(), all.end(), 0);
  const RowSource source = RowSource(x).selected(all);  // made row by row, not read in place
  for (const int threads : {2, 3, 8}) {
    ThreadPool pool(threads);
    const Pca pca = fit_pca(source, 9, pool);
    EXPECT_TRUE(std::ranges::equal(pca.components.span(), expected.components.span())) << threads;
    EXPECT_EQ(pca.explained_variance, expected.explained_variance) << threads;
  }
}

TEST(Pca, AFewDirectionsOfManyAreThoseOfTheFullDecomposition) {
  const Tensor x = golden::noise(6, Shape{400, 150});
  ThreadPool pool(2);
  const Pca few = fit_pca(x, 5, pool), many = fit_pca(x, 150, pool);
  for (std::int64_t i = 0; i < few.components.count(); ++i) {
    ASSERT_NEAR(few.components[i], many.components[i], 1e-5) << "at " << i;
  }
}

TEST(Pca, ARowAloneHasTheScoresItHasAmongOthers) {
  const Tensor x = golden::noise(7, Shape{300, 50});
  ThreadPool pool(2);
  const Pca pca = fit_pca(x, 8, pool);
  const Tensor together = pca.transform(x, pool);
  for (const std::int64_t i : {0, 1, 130, 299}) {
    const Tensor alone = pca.transform(x.view().rows(i, i + 1), pool);
    EXPECT_TRUE(std::ranges::equal(alone.span(), together.row(i))) << "row " << i;
  }
}

TEST(Pca, EqualRowsHaveNoVariance) {
  Tensor x(Shape{20, 6});
  std::ranges::fill(x.span(), 0.25f);
  ThreadPool pool(1);
  const Pca pca = fit_pca(x, 2, pool);
  EXPECT_EQ(pca.explained_variance, (std::vector<double>{0, 0}));
  EXPECT_EQ(pca.explained_variance_ratio, (std::vector<double>{0, 0}));
  EXPECT_EQ(pca.transform(x, pool)[0], 0.0f);
}

TEST(Pca, ImpossibleSizesAndValuesAreNamed) {
  Tensor x = golden::noise(8, Shape{10, 4});
  ThreadPool pool(1);
  EXPECT_THAT(
      [&] { fit_pca(x, 0, pool); },
      ThrowsMessage<Error>(HasSubstr("0 components of 10 rows and 4 columns: from 1 to 4")));
  EXPECT_THAT([&] { fit_pca(x, 5, pool); }, ThrowsMessage<Error>(HasSubstr("from 1 to 4")));
  EXPECT_THAT([&] { fit_pca(x.view().rows(0, 1), 1, pool); },
              ThrowsMessage<Error>(HasSubstr("at least 2")));
  x[6] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT([&] { fit_pca(x, 2, pool); },
              ThrowsMessage<Error>(HasSubstr("row 1, column 2 is nan")));
}

}  // namespace
}  // namespace hourglass
