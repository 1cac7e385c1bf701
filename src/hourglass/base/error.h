// The only exception that reaches users. Not for our own bugs: those assert.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass {

enum class ErrorKind {
  value,      // an argument, or what it leads to: another one helps
  file,       // something outside of the program: a file, the network, a disk
  memory,     // more than there is
  result,     // what was computed is of no use: a loss that is no number, weights that differ
  cancelled,  // the caller asked for it
};

/// An error of the caller or of the environment (a file, the network, a full disk). `what()` is one
/// line, "[operation] why: the remedy". Arguments and options have their names in this library's
/// declarations, between backquotes: `seed`. A command line or another language replaces them with
/// its own names.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string_view operation, std::string_view message)
      : runtime_error(fmt::format("[{}] {}", operation, message)),
        kind_(kind),
        operation_(operation) {}
  /// "[operation] `argument` is value: remedy".
  Error(std::string_view operation, std::string_view argument, std::string_view value,
        std::string_view remedy)
      : Error(ErrorKind::value, operation, fmt::format("`{}` is {}: {}", argument, value, remedy)) {
    argument_ = argument;
    value_ = value;
  }
  static Error cancelled(std::string_view operation) {
    return {ErrorKind::cancelled, operation, "cancelled"};
  }

  /// The same with more to say at its end.
  Error followed_by(std::string_view text) const {
    Error longer(*this);
    static_cast<std::runtime_error&>(longer) =
        std::runtime_error(fmt::format("{}{}", what(), text));
    return longer;
  }

  /// what() without "[operation] ", for use in another message.
  std::string_view reason() const { return std::string_view(what()).substr(operation_.size() + 3); }
  ErrorKind kind() const { return kind_; }
  const std::string& operation() const { return operation_; }
  const std::string& argument() const { return argument_; }  ///< Empty where none is to blame.
  const std::string& value() const { return value_; }        ///< What it was, as text.

 private:
  ErrorKind kind_;
  std::string operation_, argument_, value_;
};

/// Throws an Error of the kind value reading "[operation] message".
template <typename... Args>
[[noreturn]] void fail(std::string_view operation, fmt::format_string<Args...> message,
                       Args&&... args) {
  throw Error(ErrorKind::value, operation, fmt::format(message, std::forward<Args>(args)...));
}

/// The same of the kind file.
template <typename... Args>
[[noreturn]] void fail_file(std::string_view operation, fmt::format_string<Args...> message,
                            Args&&... args) {
  throw Error(ErrorKind::file, operation, fmt::format(message, std::forward<Args>(args)...));
}

/// The same of the kind result.
template <typename... Args>
[[noreturn]] void fail_result(std::string_view operation, fmt::format_string<Args...> message,
                              Args&&... args) {
  throw Error(ErrorKind::result, operation, fmt::format(message, std::forward<Args>(args)...));
}

/// Throws "[operation] `argument` is value: remedy" unless `holds`.
template <typename T>
void require(bool holds, std::string_view operation, std::string_view argument, const T& value,
             std::string_view remedy) {
  if (!holds) throw Error(operation, argument, fmt::format("{}", value), remedy);
}

}  // namespace hourglass
