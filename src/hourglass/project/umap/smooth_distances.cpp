#include "hourglass/project/umap/smooth_distances.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/base/random.h"
#include "hourglass/project/umap/impl/checks.h"
#include "hourglass/project/umap/impl/fixed_math.h"
#include "hourglass/project/umap/options.h"

namespace hourglass {
namespace {

constexpr int kMostSteps = 64;
constexpr double kTolerance = 1e-5;
// Smallest sigma, relative to the mean distance: duplicates would make it zero.
constexpr double kSmallestShare = 1e-3;

double mean_with_self(std::span<const float> distances) {
  double sum = 0;
  for (const float d : distances) sum += static_cast<double>(d);
  return sum / static_cast<double>(distances.size() + 1);  // itself, at distance 0
}

double find_rho(std::span<const float> distances, double local_connectivity) {
  const auto first =
      std::find_if(distances.begin(), distances.end(), [](float d) { return d > 0; });
  const auto apart = std::span(first, distances.end());
  if (apart.empty()) return 0.0;
  const auto nth = [&](std::size_t i) { return static_cast<double>(apart[i]); };
  if (static_cast<double>(apart.size()) < local_connectivity) return nth(apart.size() - 1);
  const auto whole = static_cast<std::size_t>(local_connectivity);
  const double rest = local_connectivity - static_cast<double>(whole);
  if (whole == 0) return rest * nth(0);
  const double below = nth(whole - 1);
  return rest > kTolerance && whole < apart.size() ? below + rest * (nth(whole) - below) : below;
}

/// The sigma at which the memberships sum to `target`, by Newton's method with shrinking bounds.
/// Starts from the mean distance, so that the number of steps does not depend on the data's scale.
double find_sigma(std::span<const float> distances, double rho, double target) {
  const double mean = mean_with_self(distances);
  double low = 0, high = std::numeric_limits<double>::infinity(), sigma = mean > 0 ? mean : 1.0;
  for (int step = 0; step < kMostSteps; ++step) {
    double held = 0, slope = 0;  // slope: derivative of the sum by sigma, times sigma
    for (const float d : distances) {
      const double share = std::max(0.0, (static_cast<double>(d) - rho) / sigma);
      const double membership = share > 0 ? fixed_math::exp(-share) : 1.0;
      held += membership;
      slope += membership * share;
    }
    if (std::abs(held - target) < kTolerance) break;
    (held > target ? high : low) = sigma;
    const double next = sigma - sigma * ((held - target) / slope);
    const double halved = std::isinf(high) ? 2 * sigma : (low + high) / 2;
    sigma = slope > 0 && next > low && next < high ? next : halved;
  }
  return sigma;
}

}  // namespace

SmoothDistances smooth_distances(const Neighbours& neighbours, float local_connectivity,
                                 ThreadPool& pool) {
  check_neighbours(neighbours, neighbours.rows);
  check_umap_options({.local_connectivity = local_connectivity});
  const auto n = static_cast<std::size_t>(neighbours.rows);
  SmoothDistances result{std::vector<float>(n), std::vector<float>(n)};
  double mean_of_all = 0;
  for (std::int64_t i = 0; i < neighbours.rows; ++i) {
    mean_of_all += mean_with_self(neighbours.distances_of(i)) / static_cast<double>(n);
  }
  const double target = portable_log(neighbours.k + 1) / portable_log(2);
  parallel_for(pool, neighbours.rows, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto distances = neighbours.distances_of(i);
      const double rho = find_rho(distances, static_cast<double>(local_connectivity));
      const double usual = rho > 0 ? mean_with_self(distances) : mean_of_all;
      const double sigma = std::max(find_sigma(distances, rho, target), kSmallestShare * usual);
      result.rho[static_cast<std::size_t>(i)] = static_cast<float>(rho);
      result.sigma[static_cast<std::size_t>(i)] =
          std::max(static_cast<float>(sigma), std::numeric_limits<float>::min());
    }
  });
  return result;
}

float membership(float distance, float rho, float sigma) {
  const double beyond = static_cast<double>(distance) - static_cast<double>(rho);
  if (beyond <= 0) return 1.0f;
  return static_cast<float>(fixed_math::exp(-beyond / static_cast<double>(sigma)));
}

}  // namespace hourglass
