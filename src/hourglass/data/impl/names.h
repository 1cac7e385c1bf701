// Names of files as text. A file's name is any bytes; JSON, checkpoints and figures need UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The text if it is UTF-8; otherwise read as Latin-1, which any bytes are.
std::string as_utf8(std::string_view name);

/// as_utf8() of each; of two that become equal, the later gets " (2)".
std::vector<std::string> as_utf8_names(const std::vector<std::string>& names);

/// Whether other programs put the name there: it begins with a dot, or is `__MACOSX`, `Thumbs.db`
/// and the like. Such files and folders are passed over without a word.
bool is_litter(std::string_view name);

/// ASCII letters in lower case.
std::string lower_case(std::string text);

}  // namespace hourglass
