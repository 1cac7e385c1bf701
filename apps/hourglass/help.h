// The help texts, for a terminal of 80 columns. Not the manual: see docs/.
#pragma once

#include <span>
#include <string>

#include "cli.h"

namespace hourglass::cli {

/// All verbs, one per line. `bold` prints the headings in bold.
std::string program_help(std::span<const Verb> verbs, bool bold);

/// One verb: what it does, examples, its arguments and flags by group with their defaults.
std::string verb_help(const Verb& verb, const CLI::App& app, bool bold);

}  // namespace hourglass::cli
