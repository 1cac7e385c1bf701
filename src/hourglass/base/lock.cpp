#include "hourglass/base/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

std::string machine() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

/// The first line of a small file, or "" if it cannot be read.
std::string first_line(int descriptor) {
  char text[320] = {};
  const ssize_t got = ::pread(descriptor, text, sizeof text - 1, 0);
  const std::string all(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  return all.substr(0, all.find('\n'));
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// "process 1234 (hourglass)", or "process 1234 on NAME" for another machine; "another process" if
/// the file does not say.
std::string holder(int descriptor) {
  const std::string line = first_line(descriptor);
  const std::string pid = line.substr(0, line.find(' '));
  const std::string where = line.substr(std::min(line.size(), pid.size() + 1));
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) {
    return "another process";
  }
  if (where != machine())
    return "process " + pid + " on " + (is_name(where) ? where : "another machine");
  const int file = ::open(("/proc/" + pid + "/comm").c_str(), O_RDONLY | O_CLOEXEC);
  const std::string name = file >= 0 ? first_line(file) : "";
  if (file >= 0) ::close(file);
  return "process " + pid + (name.empty() ? "" : " (" + name + ")");
}

/// Whether the path still names the open file: a holder removes the file when it ends.
bool still_there(int descriptor, const std::filesystem::path& path) {
  struct stat open_file {
  }, named{};
  return ::fstat(descriptor, &open_file) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

/// Opens the file, or creates it. Another's link or pipe under this name must not be written to.
int open_lock(const std::filesystem::path& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const int descriptor = ::open(path.c_str(), kFlags, 0666);
  if (descriptor < 0 && errno == ELOOP) {
    fail_file("lock", "{} is a symbolic link, not a lock of hourglass: remove it", path.string());
  }
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    fail_file("write", "cannot write {}: {}", path.string(), std::strerror(reason));
  }
  const bool regular = S_ISREG(status.st_mode);
  if (regular && status.st_nlink <= 1) return descriptor;
  ::close(descriptor);
  fail_file("lock", "{} is {}, not a lock of hourglass: remove it", path.string(),
            regular ? "also another file's name" : "no regular file");
}

}  // namespace

FileLock::FileLock(std::filesystem::path path, Words words)
    : path_(std::move(path)), words_(std::move(words)) {
  take();
}

FileLock::~FileLock() {
  release();
}

void FileLock::keep() {
  if (descriptor_ < 0 || still_there(descriptor_, path_)) return;
  release();
  take();
}

void FileLock::take() {
  while (true) {
    descriptor_ = open_lock(path_);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      const std::string who = taken ? holder(descriptor_) : "";
      ::close(descriptor_);
      descriptor_ = -1;
      if (taken) fail_file("lock", "{} is {} already: {}", who, words_.doing, words_.remedy);
      ::unlink(path_.c_str());
      return;
    }
    if (still_there(descriptor_, path_)) break;
    ::close(descriptor_);
  }
  const std::string line = fmt::format("{} {}\n", ::getpid(), machine());
  // Only for the message to a refused process, which otherwise names "another process".
  if (::ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t put = ::pwrite(descriptor_, line.data(), line.size(), 0);
  }
}

void FileLock::release() {
  if (descriptor_ < 0) return;
  // Removed before the lock is released, so that no other holder loses its file; and only if ours.
  if (still_there(descriptor_, path_)) ::unlink(path_.c_str());
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace hourglass
