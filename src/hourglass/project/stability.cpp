#include "hourglass/project/stability.h"

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// Mean squared distance of the rows from their mean.
double squared_size(ConstView map) {
  const std::int64_t n = map.size(0), m = map.size(1);
  double sum = 0;
  for (std::int64_t c = 0; c < m; ++c) {
    double mean = 0;
    for (std::int64_t i = 0; i < n; ++i) mean += static_cast<double>(map[i * m + c]);
    mean /= static_cast<double>(n);
    for (std::int64_t i = 0; i < n; ++i) {
      const double off = static_cast<double>(map[i * m + c]) - mean;
      sum += off * off;
    }
  }
  return sum / static_cast<double>(n);
}

}  // namespace

MapStability map_stability(std::span<const Tensor> maps) {
  if (maps.size() < 2) fail("stability", "{} maps: at least 2 are needed", maps.size());
  for (const Tensor& map : maps) {
    require_matrix("stability", "maps", map);
    if (map.shape() == maps[0].shape()) continue;
    fail("stability", "`maps` have shapes {} and {}: they must agree", maps[0].shape().text(),
         map.shape().text());
  }
  std::vector<Tensor> aligned;
  aligned.push_back(maps[0].clone());
  const double size = squared_size(maps[0]), count = static_cast<double>(maps.size());
  for (const Tensor& map : maps.subspan(1)) {
    // To the same size first: the best-fit scale would shrink a map that does not fit.
    const double own = squared_size(map);
    const auto scale = static_cast<float>(own > 0 ? std::sqrt(size / own) : 1.0);
    Tensor sized = map.clone();
    for (float& value : sized.span()) value *= scale;
    aligned.push_back(align_to(sized, maps[0]));
  }
  const std::int64_t n = maps[0].size(0), m = maps[0].size(1);
  MapStability result;
  double all = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    double squares = 0;
    for (std::int64_t c = 0; c < m; ++c) {
      double mean = 0;
      for (const Tensor& map : aligned) mean += static_cast<double>(map[i * m + c]) / count;
      for (const Tensor& map : aligned) {
        const double off = static_cast<double>(map[i * m + c]) - mean;
        squares += off * off / count;
      }
    }
    all += squares;
    result.point_spread.push_back(size > 0 ? static_cast<float>(std::sqrt(squares / size)) : 0.0f);
  }
  if (size > 0) result.spread = std::sqrt(all / static_cast<double>(n) / size);
  return result;
}

}  // namespace hourglass
