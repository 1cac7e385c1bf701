// JSON from files that anybody may have written. Not a schema: what is asked of it is the reader's.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace hourglass {

/// Objects and lists in one another; hourglass's own files have three. Deeper ones would be walked
/// by functions that call themselves, until the stack ends.
inline constexpr int kDeepestJson = 16;

/// The value that `text` is; nothing if it is not JSON, goes on after it or nests deeper than
/// kDeepestJson.
std::optional<nlohmann::json> parse_json(std::string_view text);

/// The whole number under `key`. Throws nlohmann's exceptions as at() and get() do, also for a
/// number that is not whole or beyond the type, which get() would bend until it fits.
std::int64_t whole_number(const nlohmann::json& object, const char* key);
std::uint64_t natural_number(const nlohmann::json& object, const char* key);

}  // namespace hourglass
