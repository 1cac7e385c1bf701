// SHA-256: FIPS 180-4. Not for secrets: nothing here takes the same time for all content.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hourglass {

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();

  void update(std::span<const std::uint8_t> bytes);
  std::string hex();  ///< 64 lower-case digits; call once, after the last update.

  /// The eight words of section 6.2 after further blocks of 64 bytes.
  using State = std::array<std::uint32_t, 8>;
  using Compress = void (*)(State&, const std::uint8_t* blocks, std::size_t count);

 private:
  static constexpr std::size_t kBlock = 64;

  State state_;
  Compress compress_;  // the processor's own instructions where it has them
  std::array<std::uint8_t, kBlock> pending_{};
  std::uint64_t length_ = 0;  // bytes so far
};

/// The same in one call.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
