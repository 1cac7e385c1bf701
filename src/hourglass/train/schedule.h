// The learning rate over a run. Not an optimiser: Adam gets the rate before each step.
#pragma once

#include <cstdint>

namespace hourglass {

/// A linear rise from 0 to the peak, then a linear fall to 0; or constant.
struct Schedule {
  double warmup = 0.0;  // share of steps in which the rate rises; more is safer with a high peak
  bool decays = false;  // falls to 0 after the rise; otherwise it stays at the peak

  /// Whether the rate of a step depends on the total number of steps.
  bool needs_total() const { return decays || warmup > 0.0; }
};

/// The rate of step `step` of `total`, counted from 0 over the whole run; in (0, peak]. Computed by
/// + - * / alone, so the bits are the same on every machine and after every resume.
double rate_at(const Schedule& schedule, double peak, std::int64_t step, std::int64_t total);

}  // namespace hourglass
