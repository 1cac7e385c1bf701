// The known name nearest to a mistyped one. Not a spelling checker: plain edit distance.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hourglass {

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other
/// (optimal string alignment; Damerau 1964), capitals and '-' against '_' not counted.
int edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known`, the first of equals; empty when none is near enough to be meant (more
/// than a third of the longer name's letters differ, but one may always).
std::string nearest_name(std::string_view name, std::span<const std::string> known);

/// nearest_name as the end of a message: ": did you mean mnist?", or "" when there is none.
std::string suggestion(std::string_view name, std::span<const std::string> known);

}  // namespace hourglass
