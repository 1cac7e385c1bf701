// What a model's reconstructions are measured by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hourglass/measure/reconstruction.h"

namespace hourglass {

struct Score {
  std::string name;  // as reports and logs have it: "mse"
  double value = 0.0;
};

/// Means over a set of images. `metrics` begins with the one that epochs are compared by; the
/// scores are among them.
struct Evaluation {
  ReconstructionScores scores;
  std::vector<Score> metrics;
};

}  // namespace hourglass
