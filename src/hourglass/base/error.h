// The only exception that reaches users. Not for our own bugs: those assert.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass {

/// An error of the user or of the environment (a file, the network, a full disk). `what()` is one
/// line, "[operation] why, got what: remedy", shown to the user unchanged.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws an Error reading "[operation] message".
template <typename... Args>
[[noreturn]] void fail(std::string_view operation, fmt::format_string<Args...> message,
                       Args&&... args) {
  throw Error(fmt::format("[{}] {}", operation, fmt::format(message, std::forward<Args>(args)...)));
}

}  // namespace hourglass
