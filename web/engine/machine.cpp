// The machine of a page: base/machine.cpp for WebAssembly. One thread, and no files that tell of
// limits.
#include "hourglass/base/machine.h"

#include "hourglass/base/threads.h"

namespace hourglass {

std::optional<std::uint64_t> free_memory(const std::filesystem::path& /*root*/) {
  return std::nullopt;
}

std::optional<double> processor_quota(const std::filesystem::path& /*root*/) {
  return std::nullopt;
}

int available_threads(const std::filesystem::path& /*root*/) {
  return 1;
}

bool has_room_for_a_stack() {
  return true;
}

}  // namespace hourglass
