// What the numbers of a finished run say about the model, in one sentence with a remedy. Not a
// measurement: see evaluation.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/train/trainer.h"

namespace hourglass {

/// The input of a verdict.
struct RunNumbers {
  std::string kind;               // "AE"
  std::vector<EpochResult> log;   // every epoch of the run
  std::optional<double> pca_mse;  // on the test images, of the same latent dimension
  TrainOptions options;
};

enum class Finding {
  fine,
  still_falling,   // better than PCA, and more epochs would make it better
  memorised,       // the error on training images is several times smaller
  worse_than_pca,  // of the same latent dimension
  diverged,        // the error rose, or is not finite
};

struct Verdict {
  Finding finding = Finding::fine;
  std::string sentence;  // options stand between backquotes, as in errors
  /// The option of a run that helps, by the library's name, and its value; empty: none.
  std::string option = {}, value = {};

  /// Whether the remedy comes before all else.
  bool bad() const { return finding >= Finding::memorised; }
};

/// Throws Error if the log is empty.
Verdict judge(const RunNumbers& run);

/// An error in three digits: ".0154", ".00382", "1.25", "3.1e-05".
std::string short_error(double error);

}  // namespace hourglass
