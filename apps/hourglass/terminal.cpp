#include "terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "hourglass/base/impl/printable.h"

namespace hourglass::cli {

bool color_wanted(std::FILE* stream) {
  const char* forbidden = std::getenv("NO_COLOR");
  if (forbidden != nullptr && *forbidden != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return ::isatty(::fileno(stream)) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

std::string bold(std::string_view text, bool wanted) {
  return wanted ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

void say(std::FILE* stream, std::string_view text) {
  std::fputs(printable_lines(text).c_str(), stream);
}

void say_styled(std::FILE* stream, const std::string& text) {
  std::fputs(text.c_str(), stream);
}

std::unique_ptr<Progress> make_progress(const std::string& title, bool quiet) {
  if (quiet) return std::make_unique<Progress>();
  return std::make_unique<ProgressBar>(title);
}

}  // namespace hourglass::cli
