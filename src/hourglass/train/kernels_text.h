// The kernel set, as a run's files record it. Not the choice of a set: see
// kernels/kernels.h.
#pragma once

#include <string>
#include <string_view>

namespace hourglass {

/// The kernel set in use and what else of the program decides a run's bits: "avx512, chunk 8".
std::string kernels_text();

/// Whether two such texts promise the same bits: avx2 and avx512 count as one, and the "lanes 8"
/// of version 0.1.0 is read over.
bool same_bits(std::string_view kernels, std::string_view other);

/// What a run's files say of kernels when it began with `then` and goes on with those in use: these
/// alone where they are the same to the bit, otherwise "THEN; then THESE".
std::string kernels_gone_on_with(const std::string& then);

}  // namespace hourglass
