// How a verb is added to the command line, and how its call becomes an action. Not the verbs:
// each has its own file. Only cli.cpp, flags.cpp and help.cpp see CLI11's headers.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/error.h"

namespace CLI {
class App;
}

namespace hourglass::cli {

/// The exit status of the process.
enum ExitStatus : int { kDone = 0, kFailed = 1, kWrongCall = 2 };

/// The call itself was wrong: exit status 2. `fail_call` throws it as `fail` throws Error.
class CallError : public Error {
 public:
  using Error::Error;
  explicit CallError(const Error& error) : Error(error) {}
};

template <typename... Args>
[[noreturn]] void fail_call(std::string_view operation, fmt::format_string<Args...> message,
                            Args&&... args) {
  throw CallError(ErrorKind::value, operation, fmt::format(message, std::forward<Args>(args)...));
}

/// f(), with its Error as a CallError: for errors of the library that a wrong call causes.
template <typename F>
auto as_call_error(const F& f) {
  try {
    return f();
  } catch (const Error& error) {
    throw CallError(error);
  }
}

/// Runs a verb after its flags are parsed; returns the exit status.
using Action = std::function<int()>;

/// One line of the table of verbs in main.cpp.
struct Verb {
  std::string_view name;         // "encode", or two words: "data fetch"
  std::string_view summary;      // one line for `hourglass --help`
  std::string_view example;      // calls to copy, one per line
  Action (*add)(CLI::App& app);  // declares the flags (flags.h) and returns the action
};

/// Finds the verb in the arguments (without the program's name), parses its flags and runs it.
/// Returns the exit status. Prints errors on standard error as "hourglass: [operation] why:
/// remedy"; throws nothing.
int run(std::span<const Verb> verbs, const std::vector<std::string>& arguments);

/// The library's names of arguments, `seed`, as flags: --seed.
std::string in_flags(const std::string& message);

/// Replaces '-' by '_' in the names of flags: "--latent-dim=8" becomes "--latent_dim=8". Values,
/// and all after "--", stay as they are.
std::vector<std::string> normalised(const std::vector<std::string>& arguments);

}  // namespace hourglass::cli
