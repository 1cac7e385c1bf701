// The scores of a model's reconstructions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hourglass/measure/reconstruction.h"

namespace hourglass {

struct Score {
  std::string name;  // in reports and logs: "mse"
  double value = 0.0;
};

/// The score of models that corrupt their input: the error of corrupted images' reconstructions.
inline constexpr std::string_view kCorruptedMse = "mse_corrupted";

/// Means over a set of images. Epochs are compared by the first of `metrics`, which contain the
/// scores too.
struct Evaluation {
  ReconstructionScores scores;
  std::vector<Score> metrics;
};

}  // namespace hourglass
