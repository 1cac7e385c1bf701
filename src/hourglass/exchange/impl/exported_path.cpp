#include "hourglass/exchange/impl/exported_path.h"

#include <fmt/format.h>

#include <string>

namespace hourglass {

std::filesystem::path exported_path(const std::filesystem::path& folder, std::string_view part,
                                    const Checkpoint& checkpoint, std::string_view ending) {
  std::string dataset = checkpoint.facts.dataset;
  for (char& c : dataset) {
    if (c == '/' || static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '_';
  }
  return folder / fmt::format("{}_{}_{}.{}", part, dataset, checkpoint.model->latent_dim(), ending);
}

}  // namespace hourglass
