#include "sweep.h"

#include <fmt/format.h>

#include <cstdlib>
#include <random>

namespace hourglass {

std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("HOURGLASS_TEST_SEED");
    const std::uint64_t value =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    fmt::print("HOURGLASS_TEST_SEED={} repeats what is sampled here\n", value);
    return value;
  }();
  return seed;
}

bool full_sweeps() {
  return std::getenv("HOURGLASS_FULL_SWEEPS") != nullptr;
}

std::vector<std::size_t> sample_of(std::size_t n, std::size_t count, std::uint64_t stream) {
  std::vector<std::size_t> sample;
  if (count > n) count = n;
  std::mt19937_64 random(test_seed() + 0x9E3779B97F4A7C15U * stream);
  for (std::size_t part = 0; part < count; ++part) {
    const std::size_t begin = part * n / count, end = (part + 1) * n / count;
    sample.push_back(begin + static_cast<std::size_t>(random() % (end - begin)));
  }
  return sample;
}

}  // namespace hourglass
