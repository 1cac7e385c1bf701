// All text that a person reads goes through here: plain text, colours. Not the progress bar: see
// base/progress.h.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "hourglass/base/progress.h"

namespace hourglass::cli {

/// Whether the stream is a terminal that takes colours and bold type. NO_COLOR (no-color.org) and
/// TERM=dumb forbid them.
bool color_wanted(std::FILE* stream);

/// `text` in bold, or as it is.
std::string bold(std::string_view text, bool wanted);

/// Writes text of any origin: what a terminal would act on, such as an escape sequence in a file's
/// name, becomes '?'. Ignores a failure, such as a closed terminal, so that work continues; run()
/// reports at its end that standard output was not written.
void say(std::FILE* stream, std::string_view text);

/// Writes the program's own text unchanged, with its colours.
void say_styled(std::FILE* stream, const std::string& text);

/// say() on standard output, formatted.
template <typename... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  say(stdout, fmt::format(format, std::forward<Args>(args)...));
}

/// A progress bar on a terminal, or one that draws nothing when `quiet`.
std::unique_ptr<Progress> make_progress(const std::string& title, bool quiet);

}  // namespace hourglass::cli
