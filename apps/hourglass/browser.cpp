#include "browser.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace hourglass::cli {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// Starts xdg-open. Returns an errno, or 0.
int start(const std::string& url, pid_t& process) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  // What a browser says is of no use here, and a browser must not read what a person types.
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  // A session of its own: the Ctrl-C that ends hourglass does not end the browser.
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  std::string program = "xdg-open";
  std::string argument = url;
  char* const arguments[] = {program.data(), argument.data(), nullptr};
  const int error =
      ::posix_spawnp(&process, program.c_str(), &files, &attributes, arguments, environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

bool has_display() {
  return (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) && !is_set("SSH_CONNECTION") &&
         !is_set("SSH_TTY");
}

std::string how_to_open(const std::string& url, int port) {
  return fmt::format("open {} ; from another machine first: ssh -L {}:127.0.0.1:{} HOST", url, port,
                     port);
}

Browser::Browser(const std::string& url) {
  const int error = start(url, process_);
  if (error == 0) return;
  process_ = -1;
  failure_ = error == ENOENT
                 ? "no browser was opened: xdg-open is not here (Debian's package xdg-utils)"
                 : fmt::format("no browser was opened: xdg-open: {}", std::strerror(error));
}

Browser::~Browser() {
  failure();
}

std::optional<std::string> Browser::failure() {
  if (process_ > 0) {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended == process_ || (ended < 0 && errno != EINTR)) process_ = -1;
    if (ended > 0 && status != 0) {
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      failure_ = fmt::format("no browser was opened: xdg-open ended with status {}", code);
    }
  }
  return std::exchange(failure_, std::nullopt);
}

}  // namespace hourglass::cli
