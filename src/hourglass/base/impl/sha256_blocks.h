// The compression function of SHA-256, over whole blocks: FIPS 180-4, section 6.2.2.
#pragma once

#include "hourglass/base/hash.h"

namespace hourglass {

/// Section 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes.
extern const std::array<std::uint32_t, 64> kSha256Constants;

/// The standard, step by step.
void compress_plain(Sha256::State& state, const std::uint8_t* blocks, std::size_t count);

/// The same by the processor's SHA instructions, about six times as fast; null where it has none.
Sha256::Compress compress_by_instructions();

}  // namespace hourglass
