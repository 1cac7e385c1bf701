// JSON from untrusted files. Not a schema: the reader checks the content.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace hourglass {

/// The deepest nesting accepted; hourglass's own files have 3. Deeper values would make recursive
/// functions overflow the stack.
inline constexpr int kDeepestJson = 16;

/// The parsed value; nothing if the text is not JSON, continues after the value or nests deeper
/// than kDeepestJson.
std::optional<nlohmann::json> parse_json(std::string_view text);

/// The integer under `key`. Throws nlohmann's exceptions as at() and get() do, also for a number
/// that is not an integer or out of range, which get() would convert silently.
std::int64_t whole_number(const nlohmann::json& object, const char* key);
std::uint64_t natural_number(const nlohmann::json& object, const char* key);

}  // namespace hourglass
