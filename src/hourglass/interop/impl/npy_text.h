// The text elements of an .npy file, and their bytes there.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/interop/impl/npy_header.h"

namespace hourglass {

/// One text for each element of `bytes`, without the zeros behind it. Throws Error in a line that
/// begins with `source` for a number that is no character.
std::vector<std::string> decode_text(std::span<const std::uint8_t> bytes, const NpyHeader& header,
                                     std::string_view source);

/// The longest text in characters, at least 1: NumPy's "<U1".
std::size_t text_length(std::span<const std::string> values);

/// The texts as little-endian characters of four bytes, each padded to `length` characters.
std::vector<std::uint8_t> encode_text(std::span<const std::string> values, std::size_t length);

}  // namespace hourglass
