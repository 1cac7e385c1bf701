// The fast kernels: one source, compiled for each instruction set that kernel_sets() names.
#pragma once

#include "hourglass/kernels/kernels.h"

namespace hourglass::cpu {

/// The kernels of `portable`, `avx2`, `avx512` or `neon`; nullptr if this build does not contain
/// them.
const Kernels* kernels(KernelSet set);

/// Whether this processor and system can run them.
bool supported(KernelSet set);

}  // namespace hourglass::cpu
