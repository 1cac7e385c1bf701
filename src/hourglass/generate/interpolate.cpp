#include "hourglass/generate/interpolate.h"

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

std::vector<double> even_alphas(int count) {
  require(count >= 2 && count <= 1'000'000, "interpolate", "count", count,
          "must be from 2 to 1000000");
  std::vector<double> alphas(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < alphas.size(); ++i) {
    alphas[i] = static_cast<double>(i) / (count - 1);
  }
  return alphas;
}

Tensor interpolate(ConstView ends, std::span<const double> alphas) {
  require_matrix("interpolate", "ends", ends);
  require(ends.size(0) == 2, "interpolate", "ends", ends.shape().text(), "two rows are needed");
  require_finite("interpolate", "ends", ends.span());
  for (const double alpha : alphas) {
    require(std::isfinite(alpha), "interpolate", "alphas", alpha, "must be finite numbers");
  }
  Tensor line({std::ssize(alphas), ends.size(1)});
  for (std::int64_t i = 0; i < line.size(0); ++i) {
    const double alpha = alphas[static_cast<std::size_t>(i)];
    for (std::int64_t j = 0; j < ends.size(1); ++j) {
      const double a = static_cast<double>(ends.row(0)[static_cast<std::size_t>(j)]);
      const double b = static_cast<double>(ends.row(1)[static_cast<std::size_t>(j)]);
      line.row(i)[static_cast<std::size_t>(j)] = static_cast<float>((1.0 - alpha) * a + alpha * b);
    }
  }
  return line;
}

}  // namespace hourglass
