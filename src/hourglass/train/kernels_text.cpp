#include "hourglass/train/kernels_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/kernels/kernels.h"
#include "hourglass/models/model.h"

namespace hourglass {

std::string kernels_text() {
  return fmt::format("{}, chunk {}", kernels().name, kChunk);
}

bool same_bits(std::string_view kernels, std::string_view other) {
  const auto general = [](std::string_view text) {
    const std::string_view set = text.substr(0, text.find(','));
    const auto facts = kernel_sets();
    const bool fused = std::any_of(facts.begin(), facts.end(), [&](const KernelSetFact& fact) {
      return fact.fused && fact.name == set;
    });
    std::string_view rest = text.substr(set.size());
    // Version 0.1.0 had 8 lanes and wrote them here; now they are in the run's record.
    constexpr std::string_view kLanesOf010 = ", lanes 8";
    if (rest.starts_with(kLanesOf010)) rest.remove_prefix(kLanesOf010.size());
    return fmt::format("{}{}", fused ? "fused" : set, rest);
  };
  return general(kernels) == general(other);
}

std::string kernels_gone_on_with(const std::string& then) {
  constexpr std::string_view kThen = "; then ";
  const std::size_t at = then.rfind(kThen);
  const bool several = at != std::string::npos;
  const std::string last = several ? then.substr(at + kThen.size()) : then;
  if (same_bits(last, kernels_text())) return several ? then : kernels_text();
  return fmt::format("{}{}{}", then, kThen, kernels_text());
}

}  // namespace hourglass
