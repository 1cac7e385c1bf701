// The one exception that users meet. Not for our own bugs: those assert.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass {

/// A mistake of the user or of the world (a file, the network, a full disk). `what()` is one line
/// "[operation] why, got what: remedy", fit to be shown as it is.
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
