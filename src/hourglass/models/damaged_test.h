// Damaged copies of a safetensors file, for tests of what reads them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"

namespace hourglass {

/// Flips, cuts and moves bytes: a few anywhere, most of them in the header, where they matter.
inline std::vector<std::uint8_t> damaged(std::vector<std::uint8_t> bytes, Rng& rng) {
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  for (std::uint64_t left = 1 + rng.below(3); left > 0; --left) {
    const std::uint64_t size =
        rng.below(4) == 0 ? bytes.size() : std::min(header + 8, bytes.size());
    const auto at = static_cast<std::size_t>(rng.below(size));
    switch (rng.below(5)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << rng.below(8)));
        break;
      case 1:
        bytes[at] = static_cast<std::uint8_t>("0123456789-,:[]{}\"e."[rng.below(20)]);
        break;
      case 2:
        bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 3:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     static_cast<std::uint8_t>('0' + rng.below(10)));
        break;
      default:
        if (rng.below(4) == 0) bytes.resize(std::max<std::size_t>(at, 8));
    }
  }
  return bytes;
}

/// Calls read(bytes) with 150 damaged copies: each is read or refused in one line, most are
/// refused.
template <typename Read>
void expect_refused_in_one_line(const std::vector<std::uint8_t>& whole, const Read& read) {
  constexpr int kRounds = 150;
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    Rng rng(11, static_cast<std::uint64_t>(round));
    try {
      read(damaged(whole, rng));
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 2);
}

}  // namespace hourglass
