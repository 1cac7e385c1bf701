#include "hourglass/base/hash.h"

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/base/impl/sha256_blocks.h"

namespace hourglass {

// Section 5.3.3: the first 32 bits of the fractions of the square roots of the first 8 primes.
Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
      compress_(compress_by_instructions() ? compress_by_instructions() : compress_plain) {}

void Sha256::update(std::span<const std::uint8_t> bytes) {
  const std::size_t held = length_ % kBlock;
  length_ += bytes.size();
  if (held > 0) {
    const std::size_t taken = std::min(kBlock - held, bytes.size());
    std::copy_n(bytes.begin(), taken, pending_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes = bytes.subspan(taken);
    if (held + taken < kBlock) return;
    compress_(state_, pending_.data(), 1);
  }
  compress_(state_, bytes.data(), bytes.size() / kBlock);
  std::ranges::copy(bytes.last(bytes.size() % kBlock), pending_.begin());
}

std::string Sha256::hex() {
  // Section 5.1.1: a one bit, zeros, and the length in bits, which ends a block.
  const std::uint64_t bits = length_ * 8;
  std::array<std::uint8_t, kBlock + 8> end{0x80};
  const std::size_t zeros = (2 * kBlock - 9 - length_ % kBlock) % kBlock;
  for (std::size_t i = 0; i < 8; ++i) {
    end[1 + zeros + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  }
  update(std::span(end).first(1 + zeros + 8));
  std::string text;
  for (const std::uint32_t word : state_) text += fmt::format("{:08x}", word);
  return text;
}

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

}  // namespace hourglass
