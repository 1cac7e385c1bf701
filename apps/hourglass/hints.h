// Words that other programs use, and what they are called here. Not spelling mistakes: see
// base/impl/suggest.h.
#pragma once

#include <string_view>

namespace hourglass::cli {

/// What to write in the place of an unknown verb, such as `tsne`: "hourglass has no t-SNE: ...". ""
/// if the word is not known.
std::string_view verb_hint(std::string_view verb);

/// The same for an unknown flag, such as `--lr` ('-' may stand for '_').
std::string_view flag_hint(std::string_view flag);

}  // namespace hourglass::cli
