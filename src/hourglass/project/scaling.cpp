#include "hourglass/project/scaling.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/suggest.h"

namespace hourglass {
namespace {

const std::array<std::string, 3> kNames{"none", "standard", "robust"};

/// Of sorted values, interpolated linearly.
double quantile(std::span<const double> sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double rest = at - static_cast<double>(below);
  return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
}

struct Spread {
  double centre = 0, width = 0;
};

/// Mean and standard deviation (of n), relative to the first value, so that they are exact for a
/// constant column, and to the largest distance, so that no square overflows.
Spread standard(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += v - values[0];
  const double mean = values[0] + sum / n;
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v - mean));
  if (largest == 0) return {mean, 0};
  double squares = 0;
  for (const double v : values) squares += (v - mean) / largest * ((v - mean) / largest);
  return {mean, largest * std::sqrt(squares / n)};
}

Spread robust(std::vector<double>& values) {
  std::ranges::sort(values);
  return {quantile(values, 0.5), quantile(values, 0.75) - quantile(values, 0.25)};
}

}  // namespace

ScaleKind parse_scale(const std::string& name) {
  const auto found = std::ranges::find(kNames, name);
  if (found != kNames.end()) return static_cast<ScaleKind>(found - kNames.begin());
  const std::string near = nearest_name(name, kNames);
  throw Error("project", "scale", name,
              near.empty() ? "choose none, standard or robust" : "did you mean " + near + "?");
}

std::string_view scale_name(ScaleKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

Scaling fit_scaling(ScaleKind kind, std::span<const double> x, const Shape& shape) {
  if (kind == ScaleKind::kNone) return {};
  const auto n = static_cast<std::size_t>(shape[0]), d = static_cast<std::size_t>(shape[1]);
  Scaling out{std::vector<double>(d), std::vector<double>(d)};
  std::vector<double> column(n);
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t i = 0; i < n; ++i) column[i] = x[i * d + j];
    const Spread spread = kind == ScaleKind::kStandard ? standard(column) : robust(column);
    out.origin[j] = spread.centre;
    out.scale[j] = spread.width > 0 && std::isfinite(spread.width) ? spread.width : 1;
  }
  return out;
}

std::optional<DominantColumn> dominant_column(ConstView x, double share) {
  const auto n = static_cast<double>(x.size(0));
  const auto d = static_cast<std::size_t>(x.size(1));
  if (d < 2 || x.size(0) < 3) return std::nullopt;
  std::vector<double> sums(d), squares(d);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const auto row = x.row(i);
    for (std::size_t j = 0; j < d; ++j) {
      const double away =
          static_cast<double>(row[j]) - static_cast<double>(x[static_cast<std::int64_t>(j)]);
      sums[j] += away;
      squares[j] += away * away;
    }
  }
  double total = 0;
  for (std::size_t j = 0; j < d; ++j) {
    squares[j] = std::max(0.0, squares[j] - sums[j] * sums[j] / n);
    total += squares[j];
  }
  const auto largest = std::ranges::max_element(squares);
  if (!(total > 0) || !std::isfinite(total) || *largest <= share * total) return std::nullopt;
  return DominantColumn{largest - squares.begin(), *largest / total};
}

}  // namespace hourglass
