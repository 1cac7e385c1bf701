// How a verb joins the command line, and how its call becomes an action. Not the verbs themselves:
// each has a file of its own. Only cli.cpp, flags.cpp and help.cpp see CLI11's headers.
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

/// What a process leaves behind.
enum ExitStatus : int { kDone = 0, kFailed = 1, kWrongCall = 2 };

/// The call was wrong, not the world: exit status 2. `fail_call` throws it as `fail` throws Error.
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

/// f(), whose Error becomes a CallError: for what the library refuses and the call is to blame for.
template <typename F>
auto as_call_error(const F& f) {
  try {
    return f();
  } catch (const Error& error) {
    throw CallError(error);
  }
}

/// What a verb does once its flags are known; returns the exit status.
using Action = std::function<int()>;

/// One line of the table of verbs in main.cpp.
struct Verb {
  std::string_view name;         // "encode", or two words: "data fetch"
  std::string_view summary;      // one line for `hourglass --help`
  std::string_view example;      // calls worth copying, one a line
  Action (*add)(CLI::App& app);  // declares the flags (flags.h) and says what is done with them
};

/// Finds the verb that the arguments (without the program's name) call, parses its flags and acts.
/// Returns the exit status. Errors are printed on standard error as "hourglass: [operation] why:
/// remedy", never thrown.
int run(std::span<const Verb> verbs, const std::vector<std::string>& arguments);

/// '-' as '_' in the names of flags: "--latent-dim=8" becomes "--latent_dim=8". Values, and what
/// follows "--", stay.
std::vector<std::string> normalised(const std::vector<std::string>& arguments);

}  // namespace hourglass::cli
