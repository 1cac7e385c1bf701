#include "output.h"

#include <nlohmann/json.hpp>

#include "flags.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/impl/utf8.h"
#include "hourglass/models/checkpoint_file.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// JSON with \u escapes for what a terminal would act on, which can only stand in a string.
std::string without_controls(const std::string& json) {
  std::string text;
  for (std::size_t at = 0; at < json.size();) {
    const auto [character, size] = utf8_at(json, at);
    if (json[at] != '\n' && is_control(character)) {
      text += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character));
    } else {
      text += json.substr(at, size);
    }
    at += size;
  }
  return text;
}

fs::path whole(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path), ignored);
}

}  // namespace

void check_outputs(const OutputRule& rule, std::span<const OutputPath> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& [flag, path] = outputs[i];
    const std::string name = path.string();
    for (const fs::path& input : rule.inputs) {
      if (is_same_file(input, path) && path_kind(path) == PathKind::kFile) {
        fail(rule.verb, "{} is {}, which is read: name another file", flag, name);
      }
    }
    for (const OutputPath& other : outputs.first(i)) {
      const bool same = whole(other.path) == whole(path) || is_same_file(other.path, path);
      if (!same || path_kind(path) == PathKind::kStream) continue;
      fail(rule.verb, "{} and {} are the same file: name two", other.flag, flag);
    }
    if (path_kind(path) == PathKind::kFolder) {
      fail(rule.verb, "{} is {}, a folder: name a file in it", flag, name);
    }
    if (!rule.overwrite && is_model_file(path)) {
      fail(rule.verb, "{} is {}, a trained model: name another file, or add --overwrite", flag,
           name);
    }
    check_writable(path);
  }
}

void check_output(const OutputRule& rule, const fs::path& path) {
  const OutputPath output{"--output", path};
  check_outputs(rule, {&output, 1});
}

void overwrite_flag(CLI::App& app, bool& overwrite) {
  switch_flag(app, overwrite, "--overwrite", "let an output replace a trained model");
}

fs::path input_file(const std::string& matrix) {
  std::error_code ignored;
  const std::size_t at = matrix.rfind(".npz:");
  if (at == std::string::npos || fs::exists(matrix, ignored)) return matrix;
  return matrix.substr(0, at + 4);
}

void print_json(const nlohmann::ordered_json& value) {
  // Names from files may not be UTF-8, but JSON has to be.
  say_styled(
      stdout,
      without_controls(value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n");
}

void print_result(nlohmann::ordered_json facts, std::span<const std::filesystem::path> wrote) {
  facts["wrote"] = nlohmann::ordered_json::array();
  for (const auto& path : wrote) facts["wrote"].push_back(path.lexically_normal().string());
  print_json(facts);
}

void print_fact(std::string_view name, std::string_view text) {
  say("  {:<17}{}\n", name, text);
}

}  // namespace hourglass::cli
