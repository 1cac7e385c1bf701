#include "hourglass/interop/impl/crc32c.h"

#include <array>
#include <bit>

namespace hourglass {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // bits reversed, lowest first

/// The remainder of each byte.
constexpr std::array<std::uint32_t, 256> kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? kPolynomial : 0);
    table[byte] = rest;
  }
  return table;
}();

}  // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes) {
  std::uint32_t rest = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) rest = (rest >> 8) ^ kTable[(rest ^ byte) & 0xFF];
  return ~rest;
}

std::uint32_t masked_crc32c(std::span<const std::uint8_t> bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xA282EAD8;
}

}  // namespace hourglass
