// Which of many moments a test disturbs: a sample that differs from run to run, or all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hourglass {

/// HOURGLASS_TEST_SEED, or a new seed each time; printed once, so that a failure can be repeated.
std::uint64_t test_seed();

/// Whether HOURGLASS_FULL_SWEEPS asks for all instead of a sample.
bool full_sweeps();

/// `count` of 0 .. n - 1 in rising order, one from each of `count` equal parts; all of them if n is
/// not larger. `stream` separates the samples of one run.
std::vector<std::size_t> sample_of(std::size_t n, std::size_t count, std::uint64_t stream);

}  // namespace hourglass
