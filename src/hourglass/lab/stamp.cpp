#include "hourglass/lab/stamp.h"

#include <fmt/format.h>

#include <cmath>

namespace hourglass {

std::string stamp_of(const Model& model, std::string_view dataset, const CheckpointFacts& facts) {
  const std::string epoch = facts.epochs < 0 ? "" : fmt::format("epoch {} · ", facts.epochs);
  const std::string origin = facts.imported.empty() ? fmt::format("{}seed {}", epoch, facts.seed)
                                                    : fmt::format("from {}", facts.imported);
  const std::string error =
      std::isnan(facts.test_mse) ? "" : fmt::format(" · test MSE {:.5f}", facts.test_mse);
  return fmt::format("{} · {} · d {} · {}{}", model.kind(), dataset, model.latent_dim(), origin,
                     error);
}

}  // namespace hourglass
