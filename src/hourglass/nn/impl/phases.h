// One axis of an upsampling convolution: which of the three weights are summed in each of a phase's
// two taps.
#pragma once

#include <array>

namespace hourglass {

/// kPhaseTaps[phase][tap][weight] tells whether the weight is part of the sum: phase 0 has (w0, w1
/// + w2), phase 1 (w0 + w1, w2). The gradient of a weight is the sum over the taps that contain it.
inline constexpr std::array<std::array<std::array<bool, 3>, 2>, 2> kPhaseTaps{{
    {{{true, false, false}, {false, true, true}}},
    {{{true, true, false}, {false, false, true}}},
}};

/// Calls f(phase, tap, weight) for the 2 x 2 phases, their 2 x 2 taps and the weights of the 3 x 3
/// that each tap sums.
template <typename F>
void for_each_phase_weight(const F& f) {
  for (int phase = 0; phase < 4; ++phase) {
    for (int tap = 0; tap < 4; ++tap) {
      for (int weight = 0; weight < 9; ++weight) {
        if (kPhaseTaps[phase / 2][tap / 2][weight / 3] &&
            kPhaseTaps[phase % 2][tap % 2][weight % 3]) {
          f(phase, tap, weight);
        }
      }
    }
  }
}

}  // namespace hourglass
