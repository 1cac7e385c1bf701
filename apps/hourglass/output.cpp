#include "output.h"
#include "terminal.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/impl/utf8.h"

namespace hourglass::cli {
namespace {

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

}  // namespace

void check_output(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    fail("output", "{} is a folder: name a file in it", path.string());
  }
  const AtomicFile trial(path);
}

void print_json(const nlohmann::ordered_json& value) {
  // Names from files may not be UTF-8, but JSON has to be.
  say_styled(
      stdout,
      without_controls(value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n");
}

void print_fact(std::string_view name, std::string_view text) {
  say("  {:<17}{}\n", name, text);
}

}  // namespace hourglass::cli
