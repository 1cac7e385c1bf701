#include "terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hourglass::cli {

bool color_wanted(std::FILE* stream) {
  const char* forbidden = std::getenv("NO_COLOR");
  if (forbidden != nullptr && *forbidden != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return ::isatty(::fileno(stream)) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

void say(std::FILE* stream, const std::string& text) {
  std::fputs(text.c_str(), stream);
}

std::unique_ptr<Progress> make_progress(const std::string& title, bool quiet) {
  if (quiet) return std::make_unique<Progress>();
  return std::make_unique<ProgressBar>(title);
}

}  // namespace hourglass::cli
