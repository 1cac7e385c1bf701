// Text from files, cleaned for one-line messages. Not a reversible escape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass {

/// The text with control characters replaced by '?' and, beyond `longest` bytes, cut and ended by
/// "...".
std::string printable(std::string_view text, std::size_t longest = 80);

}  // namespace hourglass
