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
/// An Error of the kind value means that the call was wrong.
enum ExitStatus : int { kDone = 0, kFailed = 1, kWrongCall = 2 };

/// Runs a verb after its flags are parsed; returns the exit status.
using Action = std::function<int()>;

/// One line of the table of verbs in main.cpp.
struct Verb {
  std::string_view group;        // its title in `hourglass --help`: "Train"
  std::string_view name;         // "encode", or two words: "data fetch"
  std::string_view summary;      // one line for `hourglass --help`
  std::string_view example;      // calls to copy, one per line
  Action (*add)(CLI::App& app);  // declares the flags (flags.h) and returns the action
  // The flags that `--help` shows, without "--" and with a space between, if the verb has so many
  // that `--help all` has to show the others; empty: `--help` shows all.
  std::string_view usual = {};
};

/// Finds the verb in the arguments (without the program's name), parses its flags and runs it.
/// Returns the exit status. Prints errors on standard error as "hourglass: [operation] why:
/// remedy"; throws nothing.
int run(std::span<const Verb> verbs, const std::vector<std::string>& arguments);

/// A sentence of the library with its names of arguments, `seed`, as flags: --seed.
std::string in_flags(const std::string& sentence);

/// Replaces '-' by '_' in the names of flags: "--latent-dim=8" becomes "--latent_dim=8". Values,
/// and all after "--", stay as they are.
std::vector<std::string> normalised(const std::vector<std::string>& arguments);

}  // namespace hourglass::cli
