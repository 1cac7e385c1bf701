#include "hourglass/train/schedule.h"

#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {

double rate_at(const Schedule& schedule, double peak, std::int64_t step, std::int64_t total) {
  require(step >= 0 && step < total, "train", "step", step, "must be from 0 to total - 1");
  require(schedule.warmup >= 0.0 && schedule.warmup <= 1.0, "train", "warmup", schedule.warmup,
          "must be from 0 to 1");
  require(peak > 0.0 && std::isfinite(peak), "train", "peak", peak, "must be above 0");
  const auto rise = static_cast<std::int64_t>(schedule.warmup * static_cast<double>(total));
  // The rates of the first and the last step are above 0.
  if (step < rise) return peak * static_cast<double>(step + 1) / static_cast<double>(rise);
  if (!schedule.decays) return peak;
  return peak * static_cast<double>(total - step) / static_cast<double>(total - rise);
}

}  // namespace hourglass
