// Colours and plain text on a terminal. Not the progress bar: see base/progress.h.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "hourglass/base/progress.h"

namespace hourglass::cli {

/// Whether the stream is a terminal that takes colours and bold type. NO_COLOR (no-color.org) and
/// TERM=dumb forbid them.
bool color_wanted(std::FILE* stream);

/// Writes the text unchanged. Ignores a failure, such as a closed terminal, so that work continues;
/// run() reports at its end that standard output was not written.
void say(std::FILE* stream, const std::string& text);

/// A progress bar on a terminal, or one that draws nothing when `quiet`.
std::unique_ptr<Progress> make_progress(const std::string& title, bool quiet);

}  // namespace hourglass::cli
