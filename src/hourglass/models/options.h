// What a person chooses of a model beside its latent dimension: options by name, from one table for
// each kind. Flags, help, descriptions, resume, verify and recognition follow from the table.
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

/// A switch, a whole or a real number, a word, or whole numbers in a row.
using OptionValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// One line of a kind's table. The type of a value is that of `unsaid`.
struct OptionSpec {
  std::string name;
  OptionValue unsaid;          // what a description without it means; only other values are written
  std::string help;            // a clause of its effect, for --help
  double least = 0, most = 0;  // of numbers
  void (*check)(const OptionValue&) = nullptr;  // throws Error naming what is wrong with a value
};

/// Values by name; those of a table that are not named have their kind's own choice.
using OptionValues = std::map<std::string, OptionValue, std::less<>>;

/// "--residual", "32,64,128", "mask:0.5" parsed as the table has it. Throws Error.
OptionValue parse_option(const OptionSpec& spec, std::string_view text);

/// As parse_option() reads it: "32,64,128", "0.5", "true".
std::string option_text(const OptionValue& value);

nlohmann::json option_json(const OptionValue& value);
/// Throws Error naming the option where the JSON is of another type or out of range.
OptionValue option_of_json(const OptionSpec& spec, const nlohmann::json& json);

/// Throws Error where a value is of another type than the table's, out of range, or refused by its
/// check.
void check_option(const OptionSpec& spec, const OptionValue& value);

/// The table's line of this name. Throws Error naming those there are for another.
const OptionSpec& find_option(std::span<const OptionSpec> table, std::string_view kind,
                              std::string_view name);

/// Lines that several kinds share.
OptionSpec switch_option(std::string name, std::string help);
OptionSpec whole_option(std::string name, std::int64_t unsaid, std::int64_t least,
                        std::int64_t most, std::string help);
OptionSpec real_option(std::string name, double unsaid, double least, double most,
                       std::string help);
OptionSpec text_option(std::string name, std::string unsaid, std::string help,
                       void (*check)(const OptionValue&));

}  // namespace hourglass
