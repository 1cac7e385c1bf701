// Little-endian numbers in byte sequences, for all formats of this module. Not a stream.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace hourglass {

// Arrays are copied between files and memory without swapping.
static_assert(std::endian::native == std::endian::little,
              "hourglass needs a little-endian machine");

/// The number at `offset`; the caller has checked that it lies inside.
template <typename T>
T load_little(std::span<const std::uint8_t> bytes, std::size_t offset) {
  assert(offset <= bytes.size() && bytes.size() - offset >= sizeof(T));
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// Appends a number.
template <typename T>
void append_little(std::vector<std::uint8_t>& out, T value) {
  for (const std::uint8_t byte : std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value)) {
    out.push_back(byte);
  }
}

}  // namespace hourglass
