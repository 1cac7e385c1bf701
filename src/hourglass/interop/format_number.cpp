#include "hourglass/interop/format_number.h"

#include <algorithm>
#include <charconv>

#include "hourglass/base/error.h"
#include "hourglass/interop/array.h"

namespace hourglass {
namespace {

/// The version in a file's metadata, or "" if it is not one.
std::string version_in(const std::map<std::string, std::string>& metadata) {
  const auto found = metadata.find("version");
  if (found == metadata.end()) return "";
  const std::string& text = found->second;
  const bool plain =
      text.size() <= 30 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+';
      });
  return plain ? text : "";
}

}  // namespace

void check_format_number(std::string_view operation, std::string_view source,
                         const std::map<std::string, std::string>& metadata, const std::string& key,
                         int newest) {
  const std::string& text = metadata.at(key);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    fail_file(operation, "{} has the format {}: the file is damaged", source, quote_name(text));
  }
  if (number <= newest) return;
  const std::string version = version_in(metadata);
  if (version.empty()) {
    fail_file(operation, "{} has format {}, and this hourglass reads up to {}: use a newer one",
              source, number, newest);
  }
  fail_file(
      operation,
      "{} was written by hourglass {} in format {}, and this one reads up to {}: use hourglass {} "
      "or later",
      source, version, number, newest, version);
}

}  // namespace hourglass
