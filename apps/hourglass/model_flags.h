// The flags of models: one for each option in the tables of all kinds.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli.h"

namespace hourglass::cli {

/// Declares --NAME for every option of every kind. Parsing writes the text of each into `given`, by
/// name, for parse_option(); "" if the flag was not given.
void model_option_flags(CLI::App& app, std::map<std::string, std::string>& given);

/// The options of the kind that --model names in these arguments, each after a space, for the help;
/// "" if it names none that is here.
std::string options_of_named_kind(const std::vector<std::string>& arguments);

/// "AE or linear; AE: WHAT IT IS; linear: ...": every kind with its summary.
std::string kinds_help();

}  // namespace hourglass::cli
