#include "cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <regex>
#include <system_error>

#include "help.h"
#include "hints.h"
#include "hourglass/base/impl/suggest.h"
#include "hourglass/base/version.h"
#include "model_flags.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

bool asks_for_help(const std::string& argument) {
  return argument == "--help" || argument == "-h";
}

bool is_flag(const std::string& argument) {
  return argument.size() > 1 && argument.front() == '-';
}

/// ": did you mean X?", or where to look if no known name is similar.
std::string remedy(std::string_view name, const std::vector<std::string>& known,
                   std::string_view help_of) {
  const std::string near = suggestion(name, known);
  return near.empty() ? fmt::format(": see hourglass {}--help", help_of) : near;
}

/// The verb of a call, and the number of words in its name.
struct Called {
  const Verb* verb;
  std::size_t words;
};

/// The verb of that name; two words are tried first.
std::optional<Called> find_verb(std::span<const Verb> verbs,
                                const std::vector<std::string>& arguments) {
  for (const std::size_t words : {std::size_t{2}, std::size_t{1}}) {
    if (arguments.size() < words) continue;
    const std::string name = words == 2 ? arguments[0] + " " + arguments[1] : arguments[0];
    for (const Verb& verb : verbs) {
      if (verb.name == name) return Called{&verb, words};
    }
  }
  return std::nullopt;
}

/// The verbs with this first word, such as `data` in `data list`.
std::vector<Verb> family_of(std::span<const Verb> verbs, const std::string& word) {
  std::vector<Verb> family;
  for (const Verb& verb : verbs) {
    if (verb.name.substr(0, word.size() + 1) == word + " ") family.push_back(verb);
  }
  return family;
}

[[noreturn]] void fail_unknown_verb(std::span<const Verb> verbs,
                                    const std::vector<std::string>& arguments) {
  std::vector<std::string> known;
  for (const Verb& verb : verbs) known.emplace_back(verb.name);
  const bool two = arguments.size() > 1 && !family_of(verbs, arguments[0]).empty();
  const std::string name = two ? arguments[0] + " " + arguments[1] : arguments[0];
  const std::string_view hint = verb_hint(name);
  if (!hint.empty()) fail("call", "there is no verb '{}': {}", name, hint);
  fail("call", "unknown verb '{}'{}", name, remedy(name, known, ""));
}

/// The hint for an unknown flag, if the flag that it names is one of `known`; otherwise "".
std::string fitting_hint(const std::string& name, const std::vector<std::string>& known) {
  const std::string hint(flag_hint(name));
  const std::size_t begin = std::min(hint.find("--"), hint.size());
  const std::size_t end = std::min(hint.find_first_of(" :", begin), hint.size());
  const std::string flag = hint.substr(begin, end - begin);
  const bool fits = flag.empty() || std::find(known.begin(), known.end(), flag) != known.end();
  return fits ? hint : "";
}

/// Throws Error for arguments that the parser left over.
void refuse_rest(const CLI::App& app, const std::string& verb) {
  for (const std::string& rest : app.remaining()) {
    if (!is_flag(rest)) {
      fail(verb, "unexpected argument '{}': see hourglass {} --help", rest, verb);
    }
    const std::string name = rest.substr(0, rest.find('='));
    std::vector<std::string> known{"--help"};
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& flag : option->get_lnames()) known.push_back("--" + flag);
    }
    const std::string hint = fitting_hint(name, known);
    fail(verb, "unknown flag {}{}", name,
         hint.empty() ? remedy(name, known, verb + " ") : ": " + hint);
  }
}

void refuse_missing(const CLI::App& app, const std::string& verb) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    fail(verb, "{} is missing: see hourglass {} --help",
         option->get_positional() ? option->get_name(true) : option->get_name(), verb);
  }
}

/// CLI11 checks for required flags before unknown flags are reported, so nothing is marked as
/// required during its parse; refuse_missing() checks afterwards.
void parse(CLI::App& app, std::vector<std::string> arguments, const std::string& verb) {
  std::vector<CLI::Option*> required;
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_required()) continue;
    required.push_back(option);
    option->required(false);
  }
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ArgumentMismatch& mismatch) {
    const std::string text = mismatch.what();
    fail(verb, "{} needs a value: see hourglass {} --help", text.substr(0, text.find(':')), verb);
  } catch (const CLI::ParseError& error) {
    std::string text = error.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    fail(verb, "{}: see hourglass {} --help", text, verb);
  }
  refuse_rest(app, verb);
  for (CLI::Option* option : required) option->required();
  refuse_missing(app, verb);
}

int act(const Verb& verb, const std::vector<std::string>& arguments) {
  const std::string name(verb.name);
  CLI::App app("", name);
  app.set_help_flag();
  app.allow_extras();
  app.option_defaults()->group("Flags");
  const Action action = verb.add(app);
  if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) {
    const bool all = std::find(arguments.begin(), arguments.end(), "all") != arguments.end();
    std::string shown = all ? "" : std::string(verb.usual);
    if (!shown.empty()) shown += options_of_named_kind(arguments);
    say_styled(stdout, verb_help(verb, app, shown, color_wanted(stdout)));
    return kDone;
  }
  parse(app, arguments, name);
  return action();
}

int dispatch(std::span<const Verb> verbs, std::vector<std::string> arguments) {
  const bool bold = color_wanted(stdout);
  if (!arguments.empty() && arguments[0] == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  if (arguments.empty() || asks_for_help(arguments[0])) {
    say_styled(stdout, program_help(verbs, bold));
    return kDone;
  }
  if (arguments[0] == "--version" || arguments[0] == "-V") {
    say("hourglass {}\n", version());
    return kDone;
  }
  // The call of the Python original, which has no verbs.
  if (is_flag(arguments[0])) arguments.insert(arguments.begin(), "train");
  const auto called = find_verb(verbs, arguments);
  if (called) {
    arguments.erase(arguments.begin(),
                    arguments.begin() + static_cast<std::ptrdiff_t>(called->words));
    return act(*called->verb, normalised(arguments));
  }
  const auto family = family_of(verbs, arguments[0]);
  if (!family.empty() && (arguments.size() == 1 || asks_for_help(arguments[1]))) {
    say_styled(stdout, program_help(family, bold));
    return kDone;
  }
  fail_unknown_verb(verbs, arguments);
}

int report(const std::string& message, int status) {
  std::string line = in_flags(message);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::fflush(stdout);
  say(stderr, fmt::format("hourglass: {}\n", line));
  return status;
}

}  // namespace

std::string in_flags(const std::string& message) {
  static const std::regex kArgument("`([a-z_]+)`");
  return std::regex_replace(message, kArgument, "--$1");
}

std::vector<std::string> normalised(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  bool flags = true;
  for (std::string argument : arguments) {
    if (argument == "--") flags = false;
    if (flags && argument.size() > 2 && argument.compare(0, 2, "--") == 0) {
      const auto end = argument.begin() +
                       static_cast<std::ptrdiff_t>(std::min(argument.find('='), argument.size()));
      std::replace(argument.begin() + 2, end, '-', '_');
    }
    result.push_back(std::move(argument));
  }
  return result;
}

int run(std::span<const Verb> verbs, const std::vector<std::string>& arguments) {
  try {
    const int status = dispatch(verbs, arguments);
    const bool flushed = std::fflush(stdout) == 0;
    if (status == kDone && (!flushed || std::ferror(stdout) != 0)) {
      return report(fmt::format("[output] cannot write to standard output: {}",
                                flushed ? "a part of it is lost" : std::strerror(errno)),
                    kFailed);
    }
    return status;
  } catch (const Error& error) {
    return report(error.what(), error.kind() == ErrorKind::value ? kWrongCall : kFailed);
  } catch (const std::bad_alloc&) {
    return report("[memory] there is not enough memory for this: try smaller sizes", kFailed);
  } catch (const std::system_error& error) {
    return report(fmt::format("[system] {}", error.what()), kFailed);
  } catch (const std::exception& error) {
    return report(fmt::format("[internal] {}: this is a bug in hourglass", error.what()), kFailed);
  }
}

}  // namespace hourglass::cli
