#include "hourglass/project/metric.h"

#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

std::string_view metric_name(Metric metric) {
  return metric == Metric::euclidean ? "euclidean" : "cosine";
}

Metric parse_metric(std::string_view name) {
  for (const Metric metric : {Metric::euclidean, Metric::cosine}) {
    if (name == metric_name(metric)) return metric;
  }
  fail("project", "there is no metric {}: euclidean and cosine are known", name);
}

Tensor unit_rows(ConstView x, ThreadPool& pool) {
  require_matrix("project", "x", x);
  const std::int64_t n = x.size(0), d = x.size(1);
  Tensor unit(Shape{n, d + 1});
  parallel_for(pool, n, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      double square = 0;
      for (const float v : x.row(i)) square += static_cast<double>(v) * static_cast<double>(v);
      const double length = std::sqrt(square);
      for (std::int64_t j = 0; j < d && length > 0; ++j) {
        unit[i * (d + 1) + j] = static_cast<float>(static_cast<double>(x[i * d + j]) / length);
      }
      if (!(length > 0)) unit.row(i).back() = 1.0f;
    }
  });
  return unit;
}

}  // namespace hourglass
