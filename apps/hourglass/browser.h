// Opens a page in the browser of the person at this machine, where its window would be seen. Not
// the server: hourglass/serve/page_server.h.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace hourglass::cli {

/// Whether a browser's window would be seen: there is a display, and it is not another machine's
/// (SSH).
bool has_display();

/// "open URL ; from another machine first: ssh -L 7830:127.0.0.1:7830 HOST"
std::string how_to_open(const std::string& url, int port);

/// xdg-open, started without a shell and without our terminal. It goes on when this ends.
class Browser {
 public:
  explicit Browser(const std::string& url);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Once, and as soon as that is known: a sentence that says why no browser was opened. Never
  /// waits.
  std::optional<std::string> failure();

 private:
  std::optional<std::string> failure_;
  pid_t process_ = -1;  // -1: none, or it has ended
};

}  // namespace hourglass::cli
