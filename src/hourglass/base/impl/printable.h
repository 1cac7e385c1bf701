// Text from files, cleaned for messages and terminals. Not a reversible escape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass {

/// Whether a terminal may act on the character instead of showing it: the control characters (C0,
/// DEL, C1), those that change the direction of text (bidi controls), and line separators.
bool is_control(char32_t character);

/// The text with '?' for each control character and each byte that is not UTF-8, and, beyond
/// `longest` bytes, cut and ended by "...".
std::string printable(std::string_view text, std::size_t longest = 80);

/// The same for text of several lines and any length: line feeds and tabs stay.
std::string printable_lines(std::string_view text);

}  // namespace hourglass
