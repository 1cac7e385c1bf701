// What the terminal may be shown. Not the progress bar: see base/progress.h.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "hourglass/base/progress.h"

namespace hourglass::cli {

/// Whether the stream is a terminal that may be shown colours and bold type: NO_COLOR
/// (no-color.org) forbids it, and so does TERM=dumb.
bool color_wanted(std::FILE* stream);

/// Writes it as it is. Where that fails, as on a terminal that was closed, work goes on; a command
/// that ends well says at its end that standard output was not written.
void say(std::FILE* stream, const std::string& text);

/// A progress bar on a terminal, or one that draws nothing when `quiet`.
std::unique_ptr<Progress> make_progress(const std::string& title, bool quiet);

}  // namespace hourglass::cli
