// Characters of text from files, which may hold bytes that are not UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass {

/// The character at byte `at` of a text; moves `at` behind it. A byte that is not part of UTF-8
/// gives U+DC00 + byte, as Python's `surrogateescape` does, so that no text is lost.
std::uint32_t next_character(std::string_view text, std::size_t& at);

/// Appends a character as UTF-8, one from U+DC80 to U+DCFF as the byte that next_character() had.
/// False for a number that is no character.
bool append_character(std::string& to, std::uint32_t character);

/// The text with U+FFFD in place of each byte that is not part of UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace hourglass
