// Flags and arguments of a verb: declared with their defaults, parsed and checked here, so that the
// same mistake gives the same message in every verb. Parsing writes the values, so they have to
// outlive it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cli.h"
#include "hourglass/data/resize.h"

namespace hourglass::cli {

/// Flags declared after this call appear under this title in the help.
void flag_group(CLI::App& app, const char* title);

/// `names` is "--epochs", or "-o,--output" with a short form; `value_name` is what the help calls
/// the value ("N", "DIR"). The value held at the time of the call is the default that the help
/// prints; `default_text` stands there instead if it is given.
struct FlagText {
  const char* names;
  const char* value_name;
  const char* help;
  const char* default_text = nullptr;  // "" prints none
};

void text_flag(CLI::App& app, std::string& value, const FlagText& text);
void path_flag(CLI::App& app, std::filesystem::path& value, const FlagText& text);
/// Names or words separated by commas; none may be empty.
void list_flag(CLI::App& app, std::vector<std::string>& values, const FlagText& text);
/// A whole number in [least, most].
void count_flag(CLI::App& app, std::int64_t& value, const FlagText& text, std::int64_t least,
                std::int64_t most = std::numeric_limits<std::int64_t>::max());
/// A whole number from 0 to 2^64 - 1.
void seed_flag(CLI::App& app, std::uint64_t& value, const FlagText& text);
/// A finite number above 0.
void positive_flag(CLI::App& app, double& value, const FlagText& text);
/// A finite number of at least 0.
void nonnegative_flag(CLI::App& app, double& value, const FlagText& text);
/// A finite number of any sign.
void number_flag(CLI::App& app, double& value, const FlagText& text);
/// "28x28", height first.
void image_size_flag(CLI::App& app, std::optional<ImageSize>& value, const FlagText& text);
/// No value: false until it is given.
void switch_flag(CLI::App& app, bool& value, const char* names, const char* help);

/// Arguments without a flag, in the order in which they are declared.
void argument(CLI::App& app, std::string& value, const char* name, const char* help);
void optional_argument(CLI::App& app, std::string& value, const char* name, const char* help);
/// Makes a flag required.
void require(CLI::App& app, const char* name);

/// The verb whose flags these are: "encode".
std::string verb_of(const CLI::App& app);

}  // namespace hourglass::cli
