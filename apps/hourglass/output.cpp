#include "output.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"

namespace hourglass::cli {

void check_output(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    fail("output", "{} is a folder: name a file in it", path.string());
  }
  const AtomicFile trial(path);
}

void print_json(const nlohmann::ordered_json& value) {
  // Names from files may not be UTF-8, but JSON has to be.
  fmt::print("{}\n", value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_fact(std::string_view name, std::string_view text) {
  fmt::print("  {:<17}{}\n", name, text);
}

}  // namespace hourglass::cli
