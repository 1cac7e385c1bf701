// SHA-256, by libcrypto.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace hourglass {

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::uint8_t> bytes);
  std::string hex();  ///< 64 lower-case digits; call once, after the last update.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same in one call.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
