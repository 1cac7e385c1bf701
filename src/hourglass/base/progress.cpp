#include "hourglass/base/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "hourglass/base/impl/printable.h"

namespace hourglass {
namespace {

int terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string clock_text(double seconds) {
  const int whole = static_cast<int>(seconds + 0.5);
  return fmt::format("{}:{:02d}", whole / 60, whole % 60);
}

}  // namespace

Progress& Progress::none() {
  static Progress silent;
  return silent;
}

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool progress_wanted() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

ProgressBar::ProgressBar(std::string title)
    : title_(std::move(title)), started_(monotonic_seconds()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::update(double share, std::string_view detail) {
  if (!progress_wanted()) return;
  const double now = monotonic_seconds();
  if (drawn_ && now - last_drawn_ < 0.1) return;
  share = std::clamp(share, 0.0, 1.0);
  last_drawn_ = now;
  drawn_ = true;

  constexpr int kCells = 20;
  const int full = static_cast<int>(share * kCells);
  std::string line = fmt::format("{} [{:=<{}}{:<{}}] {:3.0f}%", printable(title_), "", full, "",
                                 kCells - full, 100.0 * share);
  if (!detail.empty()) line += fmt::format("  {}", printable(detail));
  if (share > 0.02)
    line += fmt::format("  {} left", clock_text((now - started_) * (1 / share - 1)));
  const auto width = static_cast<std::size_t>(std::max(10, terminal_width() - 1));
  // Not fmt::print, which throws if the terminal is gone.
  std::fputs(fmt::format("\r\x1b[K{}", line.substr(0, width)).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace hourglass
