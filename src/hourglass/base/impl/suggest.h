// The known name nearest to a mistyped one. Not a spelling checker: plain edit distance.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hourglass {

/// The number of insertions, deletions, replacements and swaps of neighbours from a to b (optimal
/// string alignment; Damerau 1964). Ignores case and '-' against '_'.
int edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known` (the first of equals), or empty if none is near: at most a third of the
/// longer name's letters may differ, and one always may.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

/// nearest_name as the end of a message: ": did you mean mnist?", or "" if there is none.
std::string suggestion(std::string_view name, std::span<const std::string> known);

}  // namespace hourglass
