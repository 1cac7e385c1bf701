// What this machine's cores reach when nothing holds them up: the two lines of a roofline
// (Williams, Waterman, Patterson 2009). Not a claim of the vendor's: measured in the run it is
// compared with.
#pragma once

#include <cstdint>

#include "hourglass/base/threads.h"
#include "hourglass/kernels/kernels.h"

namespace hourglass {

/// Operations per second of all threads of the pool, a multiply-add counted as two: chains in
/// registers, independent of one another, in the instructions of the kernel set (of
/// `portable` for `ref`). Takes about `seconds`.
double multiply_add_peak(KernelSet set, ThreadPool& pool, double seconds);

/// Bytes per second, read and written, that one thread moves through y = a * x + y over arrays
/// which fit a core's second cache, like the activations of a chunk. Takes about `seconds`.
double cache_bandwidth(KernelSet set, double seconds);

/// The two loops, compiled for one instruction set.
struct PeakLoops {
  /// Starts from *result and writes the result there, so that the loop is not optimised away.
  /// Returns the number of operations.
  double (*multiply_add)(std::int64_t rounds, float* result);
  void (*scaled_sum)(float* y, const float* x, float a, std::int64_t n);
};

}  // namespace hourglass
