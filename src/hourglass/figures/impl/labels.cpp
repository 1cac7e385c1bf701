#include "hourglass/figures/impl/labels.h"

#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

bool overlap(const Box& a, const Box& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

Box inside(Box box, const Box& frame) {
  box.x = std::clamp(box.x, frame.x, std::max(frame.x, frame.right() - box.width));
  box.y = std::clamp(box.y, frame.y, std::max(frame.y, frame.bottom() - box.height));
  return box;
}

std::optional<Box> free_box(const Box& wished, const std::vector<std::optional<Box>>& taken,
                            const Box& frame, double reach) {
  constexpr int kDirections = 16;
  constexpr double kStep = 8.0;
  const auto is_free = [&](const Box& box) {
    return std::none_of(taken.begin(), taken.end(),
                        [&](const auto& other) { return other && overlap(box, *other); });
  };
  const int rings = static_cast<int>(reach / kStep);
  for (int ring = 0; ring <= rings; ++ring) {
    for (int k = 0; k < (ring == 0 ? 1 : kDirections); ++k) {
      const double angle = 2.0 * 3.14159265358979323846 * k / kDirections;
      Box box = wished;
      box.x += kStep * ring * std::cos(angle);
      box.y += kStep * ring * std::sin(angle);
      box = inside(box, frame);
      if (is_free(box)) return box;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::optional<Box>> placed_apart(const std::vector<Box>& wished, const Box& frame,
                                             double reach) {
  std::vector<std::optional<Box>> placed;
  for (const Box& box : wished) placed.push_back(free_box(box, placed, frame, reach));
  return placed;
}

}  // namespace hourglass
