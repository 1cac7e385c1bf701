// Checks the output path of a verb, and prints what it found.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hourglass::cli {

/// Throws Error if the path cannot be written: it is a folder, or its folder is missing or
/// read-only. For use before long work; leaves no file.
void check_output(const std::filesystem::path& path);

/// One JSON value on standard output, indented. A NaN or infinity becomes null.
void print_json(const nlohmann::ordered_json& value);

/// "  name             text" with the texts in one column.
void print_fact(std::string_view name, std::string_view text);

}  // namespace hourglass::cli
