#include "hourglass/base/impl/json.h"

#include <cstdint>
#include <limits>
#include <utility>

namespace hourglass {
namespace {

using nlohmann::json;

struct TooDeep {};

[[noreturn]] void refuse_number(const json& value) {
  throw json::type_error::create(302, "not a whole number of that range", &value);
}

}  // namespace

std::optional<json> parse_json(std::string_view text) {
  // The parser would take a zero byte for the end of the input.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const auto watch = [](int depth, json::parse_event_t event, json&) {
    const bool opens =
        event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (opens && depth >= kDeepestJson) throw TooDeep();
    return true;
  };
  try {
    json value = json::parse(text.begin(), text.end(), watch, false);
    if (value.is_discarded()) return std::nullopt;
    return std::make_optional<json>(std::move(value));
  } catch (const TooDeep&) {
    return std::nullopt;
  }
}

std::int64_t whole_number(const json& object, const char* key) {
  const json& value = object.at(key);
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_integer()) refuse_number(value);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > kMost) refuse_number(value);
  return value.get<std::int64_t>();
}

std::uint64_t natural_number(const json& object, const char* key) {
  const json& value = object.at(key);
  if (!value.is_number_unsigned()) {  // a value made in memory may be signed and not negative
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0) refuse_number(value);
  }
  return value.get<std::uint64_t>();
}

}  // namespace hourglass
