// The learning rate over a run. Not an optimiser: Adam is told the rate before each step.
#pragma once

#include <cstdint>

namespace hourglass {

/// From nothing to the peak in a line, then from there to nothing in another; or always the peak.
struct Schedule {
  double warmup = 0.0;  // share of the steps that it rises for; more is safer with a high peak
  bool decays = false;  // falls after that, to 0 at the end; otherwise it stays

  /// Whether a step's rate depends on how many steps there will be.
  bool needs_total() const { return decays || warmup > 0.0; }
};

/// The rate of step `step`, counted from 0 over the whole run, of `total`; in (0, peak]. A pure
/// function of + - * / alone: the same bits on every machine, however often the run was stopped.
double rate_at(const Schedule& schedule, double peak, std::int64_t step, std::int64_t total);

}  // namespace hourglass
