// The checksum of event files: CRC-32C (Castagnoli's polynomial, RFC 3720). Not zlib's crc32, which
// zip archives and PNG files have.
#pragma once

#include <cstdint>
#include <span>

namespace hourglass {

std::uint32_t crc32c(std::span<const std::uint8_t> bytes);

/// The masked checksum of event files: rotated right by 15 bits, plus a constant, because the CRC
/// of data that contain their own CRC is a constant.
std::uint32_t masked_crc32c(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
