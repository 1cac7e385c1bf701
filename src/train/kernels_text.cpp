#include "train/kernels_text.h"

#include <fmt/format.h>

#include "kernels/kernels.h"
#include "train/stepper.h"

namespace hourglass {

std::string kernels_text() {
  return fmt::format("{}, lanes {}, chunk {}", kernels().name, kLaneCount, kChunk);
}

bool same_bits(std::string_view kernels, std::string_view other) {
  const auto general = [](std::string_view text) {
    const std::string_view set = text.substr(0, text.find(','));
    const bool one = set == "avx2" || set == "avx512";
    return fmt::format("{}{}", one ? "avx" : set, text.substr(set.size()));
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
