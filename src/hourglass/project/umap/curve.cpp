#include "hourglass/project/umap/curve.h"

#include <cmath>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/umap/impl/fixed_math.h"

namespace hourglass {
namespace {

constexpr int kPoints = 300;
constexpr int kMostSteps = 500;

struct Sample {
  double log_square;  // log d^2
  double wanted;
};

std::vector<Sample> samples(double min_dist, double spread) {
  std::vector<Sample> result;
  for (int i = 1; i < kPoints; ++i) {  // at d = 0 every curve is 1: nothing to fit
    const double d = 3 * spread * i / (kPoints - 1);
    const double wanted = d < min_dist ? 1.0 : fixed_math::exp(-(d - min_dist) / spread);
    result.push_back({2 * portable_log(d), wanted});
  }
  return result;
}

/// The normal equations of one Gauss-Newton step at a curve.
struct Normal {
  double error = 0;  // sum of squares
  double aa = 0, ab = 0, bb = 0, ga = 0, gb = 0;
};

Normal linearise(const std::vector<Sample>& data, const Curve& curve) {
  Normal sum;
  for (const auto& [log_square, wanted] : data) {
    const double power = fixed_math::exp(curve.b * log_square);
    const double value = 1 / (1 + curve.a * power);
    const double by_a = -value * value * power;
    const double by_b = by_a * curve.a * log_square;
    const double residual = wanted - value;
    sum.error += residual * residual;
    sum.aa += by_a * by_a;
    sum.ab += by_a * by_b;
    sum.bb += by_b * by_b;
    sum.ga += by_a * residual;
    sum.gb += by_b * residual;
  }
  return sum;
}

}  // namespace

void check_curve_options(float min_dist, float spread) {
  if (!(spread >= 0.001f) || !(spread <= 100.0f) || !(min_dist >= 0) || min_dist > spread) {
    fail("umap",
         "min_dist is {} and spread {}: 0 <= min_dist <= spread and spread from 0.001 to 100 are "
         "needed",
         min_dist, spread);
  }
}

Curve fit_curve(float min_dist, float spread) {
  check_curve_options(min_dist, spread);
  const auto data = samples(static_cast<double>(min_dist), static_cast<double>(spread));
  // Levenberg and Marquardt from (1, 1): less damping after a successful step, more after a failed
  // one.
  Curve curve;
  Normal now = linearise(data, curve);
  double damping = 1e-3;
  for (int step = 0; step < kMostSteps && damping < 1e12; ++step) {
    const double aa = now.aa * (1 + damping), bb = now.bb * (1 + damping);
    const double determinant = aa * bb - now.ab * now.ab;
    const double da = (bb * now.ga - now.ab * now.gb) / determinant;
    const double db = (aa * now.gb - now.ab * now.ga) / determinant;
    const Curve tried{curve.a + da, curve.b + db};
    const bool possible = tried.a > 0 && tried.b > 0 && tried.b < 50;
    const Normal then = possible ? linearise(data, tried) : now;
    if (possible && then.error < now.error) {
      const bool converged = std::abs(da) < 1e-12 * curve.a && std::abs(db) < 1e-12 * curve.b;
      curve = tried;
      now = then;
      damping *= 0.2;
      if (converged) break;
    } else {
      damping *= 5;
    }
  }
  return curve;
}

}  // namespace hourglass
