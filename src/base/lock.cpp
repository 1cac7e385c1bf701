#include "base/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace hourglass {
namespace {

/// "process 1234 (hourglass)", as far as that can be told.
std::string holder(int descriptor) {
  char text[32] = {};
  const ssize_t got = ::pread(descriptor, text, sizeof text - 1, 0);
  const std::string pid(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) {
    return "another process";
  }
  char name[32] = {};
  const int file = ::open(("/proc/" + pid + "/comm").c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t length = file >= 0 ? ::read(file, name, sizeof name - 1) : 0;
  if (file >= 0) ::close(file);
  if (length <= 1) return "process " + pid;
  return "process " + pid + " (" + std::string(name, static_cast<std::size_t>(length - 1)) + ")";
}

/// Whether the path still names the file that is open: a holder removes it when it is done.
bool still_there(int descriptor, const std::filesystem::path& path) {
  struct stat open_file {
  }, named{};
  return ::fstat(descriptor, &open_file) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

}  // namespace

FileLock::FileLock(std::filesystem::path path, const std::string& what) : path_(std::move(path)) {
  while (true) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("lock", "cannot write {}: {}", path_.string(), std::strerror(errno));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      const std::string who = reason == EWOULDBLOCK ? holder(descriptor_) : "";
      ::close(descriptor_);
      descriptor_ = -1;
      if (reason == EWOULDBLOCK) fail("lock", "{} is {} already", who, what);
      return;
    }
    if (still_there(descriptor_, path_)) break;
    ::close(descriptor_);
  }
  const std::string pid = std::to_string(::getpid());
  // Only for the one who is refused: without it, that is "another process".
  if (::ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t put = ::pwrite(descriptor_, pid.data(), pid.size(), 0);
  }
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());  // before it is let go: nobody can hold a file that is then removed
  ::close(descriptor_);
}

}  // namespace hourglass
