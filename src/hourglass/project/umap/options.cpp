#include "hourglass/project/umap/options.h"

#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

void check(bool good, std::string_view name, double value, std::string_view wanted) {
  require(good, "umap", name, value, fmt::format("must be {}", wanted));
}

void check_not_negative(std::string_view name, float value) {
  check(value >= 0 && std::isfinite(value), name, static_cast<double>(value), "at least 0");
}

}  // namespace

void check_umap_options(const UmapOptions& o) {
  check(o.n_neighbors >= 2, "n_neighbors", o.n_neighbors, "at least 2");
  check(o.n_components >= 1 && o.n_components <= 64, "n_components", o.n_components,
        "from 1 to 64");
  check(o.n_epochs >= 0 && o.n_epochs <= kMostEpochs, "n_epochs", o.n_epochs, "from 0 to 1000000");
  check(o.learning_rate > 0 && std::isfinite(o.learning_rate), "learning_rate",
        static_cast<double>(o.learning_rate), "above 0");
  check_not_negative("local_connectivity", o.local_connectivity);
  check_not_negative("repulsion_strength", o.repulsion_strength);
  check(o.negative_sample_rate >= 0 && o.negative_sample_rate <= 1000, "negative_sample_rate",
        o.negative_sample_rate, "from 0 to 1000");
  check_curve_options(o.min_dist, o.spread);
}

void check_positions(ConstView positions, const UmapOptions& options) {
  for (const float position : positions.span()) {
    require(std::isfinite(position), "umap", "learning_rate", options.learning_rate,
            "positions are no longer finite; try a smaller one, or a smaller `repulsion_strength`");
  }
}

}  // namespace hourglass
