// Files that a verb writes where the call says, and what it prints about them.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hourglass::cli {

/// Throws Error if the place cannot be written: a folder, or in one that is missing or read-only.
/// Asked before long work; leaves nothing behind.
void check_place(const std::filesystem::path& place);

/// One JSON value on standard output, indented. A NaN or infinity becomes null.
void print_json(const nlohmann::ordered_json& value);

/// "  name             text" with the texts in one column.
void print_fact(std::string_view name, std::string_view text);

}  // namespace hourglass::cli
