// Where a verb writes: the one rule for outputs, checked before work starts; and JSON and facts for
// people. Not the formats of matrices: see matrix_output.h.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli.h"

namespace hourglass::cli {

/// An output of a verb.
struct OutputPath {
  std::string_view flag;  // "--output", for messages
  std::filesystem::path path;
};

/// What a verb reads, and what it may replace.
struct OutputRule {
  std::string_view verb;                        // "encode"
  std::vector<std::filesystem::path> inputs{};  // files; empty paths and what is not there are none
  bool overwrite = false;                       // true: --overwrite is given
};

/// Throws Error for an output that is an input or another output, by whatever name or link, and
/// for one that is a trained model or the state of a run, unless --overwrite is given. Throws Error
/// for a path that cannot be written: a folder, a disk, or in a folder that is missing or
/// read-only. Leaves no file. For use before long work.
void check_outputs(const OutputRule& rule, std::span<const OutputPath> outputs);
/// The same for --output alone.
void check_output(const OutputRule& rule, const std::filesystem::path& path);

/// --overwrite.
void overwrite_flag(CLI::App& app, bool& overwrite);

/// The file of an input that a user names as "X.npz:latents", or "".
std::filesystem::path input_file(const std::string& matrix);

/// One JSON value on standard output, indented. A NaN or infinity becomes null.
void print_result(nlohmann::ordered_json facts, std::span<const std::filesystem::path> wrote);
void print_json(const nlohmann::ordered_json& value);

/// "  name             text" with the texts in one column.
void print_fact(std::string_view name, std::string_view text);

}  // namespace hourglass::cli
