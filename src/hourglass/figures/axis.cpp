#include "hourglass/figures/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

constexpr double kSlack = 1e-9;  // so that rounding does not lose a tick at an end

double power_of_ten(int exponent) {
  return std::pow(10.0, exponent);
}

}  // namespace

std::vector<double> linear_ticks(double low, double high, int most) {
  require(most >= 1 && most <= 1000, "figure", "most", most, "must be from 1 to 1000");
  if (!(high > low) || !std::isfinite(high - low)) return {low};
  const double rough = (high - low) / most;
  const double power = power_of_ten(static_cast<int>(std::floor(std::log10(rough))) - 1);
  // The finest step that gives at most `most` + 1 ticks.
  for (const double factor : {5.0, 10.0, 20.0, 50.0, 100.0}) {
    const double step = power * factor;
    const double first = std::ceil(low / step - kSlack), last = std::floor(high / step + kSlack);
    if (last - first > most) continue;
    std::vector<double> ticks;
    for (double k = first; k <= last; k += 1.0) ticks.push_back(k == 0.0 ? 0.0 : k * step);
    return ticks;
  }
  return {low};
}

std::vector<double> log_ticks(double low, double high) {
  require(low > 0 && low < high && std::isfinite(high), "figure", "low", low,
          "0 < low < high is needed, and both finite");
  static constexpr std::array<double, 1> kPowers = {1};
  static constexpr std::array<double, 3> kThirds = {1, 2, 5};
  static constexpr std::array<double, 9> kAll = {1, 1.5, 2, 3, 4, 5, 6, 7, 8};
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (const std::span<const double> factors :
       {std::span<const double>(kPowers), std::span<const double>(kThirds),
        std::span<const double>(kAll)}) {
    std::vector<double> ticks;
    for (int exponent = first; exponent <= last; ++exponent) {
      for (const double factor : factors) {
        const double tick = factor * power_of_ten(exponent);
        if (tick >= low * (1.0 - kSlack) && tick <= high * (1.0 + kSlack)) ticks.push_back(tick);
      }
    }
    if (ticks.size() >= 4) return ticks;
  }
  return linear_ticks(low, high, 8);
}

std::string tick_text(double value) {
  std::string text = fmt::format("{:.4g}", value);
  return text.starts_with('-') ? "\xE2\x88\x92" + text.substr(1) : text;
}

std::string error_text(double error) {
  return error < 0.001 ? fmt::format("{:.2g}", error) : fmt::format("{:.4f}", error);
}

std::vector<double> spread_apart(const std::vector<double>& positions, double gap, double low,
                                 double high) {
  std::vector<std::size_t> order(positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return positions[a] < positions[b]; });
  std::vector<double> out = positions;
  for (int round = 0; round < 100; ++round) {
    for (std::size_t i = 1; i < order.size(); ++i) {
      double& above = out[order[i - 1]];
      double& below = out[order[i]];
      const double missing = gap - (below - above);
      if (missing <= 0.0) continue;
      above -= missing / 2.0;
      below += missing / 2.0;
    }
    for (double& position : out) position = std::clamp(position, low, std::max(low, high));
  }
  return out;
}

}  // namespace hourglass
