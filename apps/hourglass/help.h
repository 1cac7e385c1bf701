// The help texts, for a terminal of 80 columns. Not the manual: see docs/.
#pragma once

#include <span>
#include <string>

#include "cli.h"

namespace hourglass::cli {

/// All verbs by group, one per line. `bold` prints the headings in bold.
std::string program_help(std::span<const Verb> verbs, bool bold);

/// One verb: what it does, examples, its arguments and flags with their defaults. `shown` names the
/// flags, with a space between: each then has one line, the first clause of its text; if it is
/// empty, all flags are shown, by group and with all of their text.
std::string verb_help(const Verb& verb, const CLI::App& app, std::string_view shown, bool bold);

}  // namespace hourglass::cli
