// The kernel set as text, for the files of a run. Not the choice of a set: see kernels/kernels.h.
#pragma once

#include <string>
#include <string_view>

namespace hourglass {

/// The kernel set and the chunk size, on which the bits of a run depend: "avx512, chunk 8".
std::string kernels_text();

/// Whether runs with two such texts have the same bits: avx2, avx512 and neon do; the "lanes 8" of
/// version 0.1.0 is ignored.
bool same_bits(std::string_view kernels, std::string_view other);

/// The text for a run that began with the kernels `then` and is resumed with those in use: the ones
/// in use if both have the same bits, otherwise "THEN; then THESE".
std::string kernels_gone_on_with(const std::string& then);

}  // namespace hourglass
