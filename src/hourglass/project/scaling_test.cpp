#include "hourglass/project/scaling.h"

#include <gmock/gmock.h>

#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

const std::vector<double> kRows{1, 10, 5, 2, 20, 5, 3, 30, 5, 4, 1000, 5};  // [4, 3]
const Shape kShape{4, 3};

TEST(Scaling, StandardColumnsHaveMeanZeroAndDeviationOne) {
  const Scaling s = fit_scaling(ScaleKind::kStandard, kRows, kShape);
  EXPECT_THAT(s.origin, ElementsAre(2.5, 265, 5));
  EXPECT_THAT(s.scale, ElementsAre(DoubleEq(std::sqrt(1.25)), DoubleEq(std::sqrt(180125.0)), 1));
}

TEST(Scaling, RobustColumnsHaveMedianZeroAndQuartilesOneApart) {
  const Scaling s = fit_scaling(ScaleKind::kRobust, kRows, kShape);
  EXPECT_THAT(s.origin, ElementsAre(2.5, 25, 5));
  EXPECT_THAT(s.scale, ElementsAre(1.5, 272.5 - 17.5, 1));
}

TEST(Scaling, NoneIsEmptyAndOtherNamesAreRefused) {
  EXPECT_TRUE(fit_scaling(ScaleKind::kNone, kRows, kShape).origin.empty());
  EXPECT_EQ(parse_scale("robust"), ScaleKind::kRobust);
  EXPECT_EQ(scale_name(ScaleKind::kStandard), "standard");
  EXPECT_THAT(
      [] { parse_scale("standart"); },
      testing::ThrowsMessage<Error>("[project] `scale` is standart: did you mean standard?"));
}

TEST(Scaling, AColumnWithNearlyAllVarianceIsFound) {
  const Tensor x(Shape{4, 3});
  EXPECT_FALSE(dominant_column(x));
  Tensor y(Shape{4, 3});
  for (std::int64_t i = 0; i < y.count(); ++i)
    y[i] = static_cast<float>(kRows[static_cast<std::size_t>(i)]);
  const auto found = dominant_column(y);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->column, 1);
  EXPECT_GT(found->share, 0.99);
  EXPECT_FALSE(dominant_column(y, 0.9999999));
}

}  // namespace
}  // namespace hourglass
