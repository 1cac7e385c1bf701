// The checksum of event files: CRC-32C (Castagnoli's polynomial, RFC 3720). Not zlib's crc32, which
// zip archives and PNG files have.
#pragma once

#include <cstdint>
#include <span>

namespace hourglass {

std::uint32_t crc32c(std::span<const std::uint8_t> bytes);

/// As event files store it, so that the checksum of bytes that hold their own checksum is no fixed
/// number: rotated right by 15 bits, plus a constant.
std::uint32_t masked_crc32c(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
