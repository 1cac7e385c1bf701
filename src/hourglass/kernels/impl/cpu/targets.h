// The instruction sets that Highway compiles a source for: included before Highway, by every source
// that is compiled for several of them. Not the choice among them: see kernels/kernels.h.
#pragma once

// AVX-512, AVX2 with FMA, SSE4, NEON, and plain code. Without SSSE3 and the sets beyond the first
// AVX-512, which would not be faster, and without SVE, whose vectors have no fixed length.
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | (HWY_AVX3 - 1) | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)

// Plain code also where every processor has better: the set `portable` fuses nothing on any
// machine.
#define HWY_COMPILE_ALL_ATTAINABLE
