// Puts the columns of a matrix on one scale before a projection. Not the projection.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

enum class ScaleKind {
  kNone,
  kStandard,  // each column's mean becomes 0 and its standard deviation 1
  kRobust,    // each column's median becomes 0 and the distance of its quartiles 1: outliers do not
              // shrink the other rows
};

/// "none", "standard" or "robust"; throws Error naming `scale` for another.
ScaleKind parse_scale(const std::string& name);
std::string_view scale_name(ScaleKind kind);

/// A row x becomes (x - origin) / scale, in double; both [d], or both empty: unchanged.
struct Scaling {
  std::vector<double> origin, scale;
};

/// Fits x [n, d], row major. A column without spread keeps its scale, as in scikit-learn; quartiles
/// are interpolated as NumPy does.
Scaling fit_scaling(ScaleKind kind, std::span<const double> x, const Shape& shape);

/// The column that holds more than `share` of the variance of x [n, d], if d > 1 and there is one.
struct DominantColumn {
  std::int64_t column = 0;
  double share = 0;
};
std::optional<DominantColumn> dominant_column(ConstView x, double share = 0.9);

}  // namespace hourglass
