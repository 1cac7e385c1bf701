// The options of a model beside its latent dimension, by name, from one table for each kind. Flags,
// help, descriptions, resume, verify and recognition use the table.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hourglass {

/// A switch, an integer, a real number, a text, or a list of integers.
using OptionValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// One entry of a kind's table. The type of a value is that of `unsaid`.
struct OptionSpec {
  std::string name;
  OptionValue unsaid;          // the value if a description lacks it; only others are written
  std::string help;            // its effect, a clause for --help
  double least = 0, most = 0;  // limits of a number
  void (*check)(const OptionValue&) = nullptr;  // throws Error for a wrong value
};

/// Values by name; for options that are missing the kind chooses.
using OptionValues = std::map<std::string, OptionValue, std::less<>>;

/// Parses "true", "32,64,128" or "mask:0.5" by the type in the table. Throws Error.
OptionValue parse_option(const OptionSpec& spec, std::string_view text);

/// The text that parse_option() reads: "32,64,128", "0.5", "true".
std::string option_text(const OptionValue& value);

nlohmann::json option_json(const OptionValue& value);
/// Throws Error naming the option if the JSON has the wrong type or is out of range.
OptionValue option_of_json(const OptionSpec& spec, const nlohmann::json& json);

/// Throws Error if a value has the wrong type, is out of range, or is refused by its check.
void check_option(const OptionSpec& spec, const OptionValue& value);

/// The table's entry of this name. Throws Error with all names for an unknown one.
const OptionSpec& find_option(std::span<const OptionSpec> table, std::string_view kind,
                              std::string_view name);

/// Make entries of a table.
OptionSpec switch_option(std::string name, std::string help);
OptionSpec whole_option(std::string name, std::int64_t unsaid, std::int64_t least,
                        std::int64_t most, std::string help);
OptionSpec real_option(std::string name, double unsaid, double least, double most,
                       std::string help);
OptionSpec text_option(std::string name, std::string unsaid, std::string help,
                       void (*check)(const OptionValue&));

}  // namespace hourglass
