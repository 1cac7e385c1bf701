#include "hourglass/project/procrustes.h"

#include <gmock/gmock.h>

#include <cmath>

#include "../tests/golden/golden.h"
#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// (u, v) turned by 0.6 / 0.8, mirrored if asked, shifted and scaled.
Tensor changed(ConstView map, bool mirrored, float scale) {
  Tensor out(map.shape());
  for (std::int64_t i = 0; i < map.size(0); ++i) {
    const float u = map[2 * i], v = mirrored ? -map[2 * i + 1] : map[2 * i + 1];
    out[2 * i] = scale * (0.6f * u - 0.8f * v) + 3;
    out[2 * i + 1] = scale * (0.8f * u + 0.6f * v) - 5;
  }
  return out;
}

float worst_difference(const Tensor& a, const Tensor& b) {
  float worst = 0;
  for (std::int64_t i = 0; i < a.count(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

TEST(Procrustes, UndoesRotationMirroringAndShift) {
  const Tensor earlier = golden::noise(1, Shape{40, 2});
  EXPECT_LT(worst_difference(align_to(changed(earlier, false, 1), earlier), earlier), 2e-6f);
  EXPECT_LT(worst_difference(align_to(changed(earlier, true, 1), earlier), earlier), 2e-6f);
}

TEST(Procrustes, DoesNotMirrorWhereItMayNot) {
  const Tensor earlier = golden::noise(1, Shape{40, 2});
  const Tensor turned = changed(earlier, false, 1), mirrored = changed(earlier, true, 1);
  EXPECT_LT(worst_difference(align_to(turned, earlier, {.mirror = false}), earlier), 2e-6f);
  EXPECT_GT(worst_difference(align_to(mirrored, earlier, {.mirror = false}), earlier), 0.1f);
}

TEST(Procrustes, KeepsTheScaleUnlessItMayChangeIt) {
  const Tensor earlier = golden::noise(2, Shape{40, 2});
  const Tensor twice = changed(earlier, true, 2);
  const Tensor kept = align_to(twice, earlier);
  const auto width = [](const Tensor& t) { return std::hypot(t[0] - t[2], t[1] - t[3]); };
  EXPECT_NEAR(width(kept), 2 * width(earlier), 1e-5);
  EXPECT_LT(worst_difference(align_to(twice, earlier, {.scale = true}), earlier), 2e-6f);
}

TEST(Procrustes, KeepsItsOwnCentreWhereItMayNotShift) {
  const Tensor earlier = golden::noise(3, Shape{10, 2});
  Tensor shifted = earlier.clone();
  for (float& value : shifted.span()) value += 7;
  EXPECT_LT(worst_difference(align_to(shifted, earlier, {.shift = false}), shifted), 2e-6f);
}

TEST(Procrustes, MapsOfOnePositionStayFinite) {
  const Tensor flat(Shape{5, 2});
  EXPECT_EQ(worst_difference(align_to(flat, flat, {.scale = true}), flat), 0.0f);
}

TEST(Procrustes, DifferentShapesAreNamed) {
  EXPECT_THAT(
      [] {
        align_to(Tensor(Shape{5, 2}), Tensor(Shape{6, 2}));
      },
      ThrowsMessage<Error>(HasSubstr("shape 5 x 2 and the earlier one 6 x 2")));
}

}  // namespace
}  // namespace hourglass
