#include "hourglass/data/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

[[noreturn]] void fail_part(const std::filesystem::path& path, const char* what) {
  fail_file("download", "{} {}: {}", what, path.string(), std::strerror(errno));
}

}  // namespace

PartFile::PartFile(std::filesystem::path path) : path_(std::move(path)) {
  open_and_lock();
  // Between the two, another process may have completed the file and renamed it: what is open then
  // is the complete file, which must not be written.
  while (!is_at_path()) {
    ::close(descriptor_);
    open_and_lock();
  }
}

bool PartFile::is_at_path() const {
  struct stat ours {};
  struct stat there {};
  return ::fstat(descriptor_, &ours) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

void PartFile::open_and_lock() {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail_part(path_, "cannot write");
  struct stat status {};
  // Some network file systems cannot lock: there, nobody is kept out.
  const bool taken = ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (taken || ::fstat(descriptor_, &status) != 0) {
    ::close(descriptor_);
    if (!taken) fail_part(path_, "cannot read");
    fail_file("download", "{} is being written by another hourglass: wait for it", path_.string());
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

PartFile::~PartFile() {
  ::close(descriptor_);
}

void PartFile::append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_part(path_, "cannot write");
    size_ += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void PartFile::clear() {
  if (::ftruncate(descriptor_, 0) != 0) fail_part(path_, "cannot empty");
  size_ = 0;
}

void PartFile::move_to(const std::filesystem::path& target) {
  if (::fsync(descriptor_) != 0 || ::rename(path_.c_str(), target.c_str()) != 0) {
    fail_part(target, "cannot write");
  }
}

void PartFile::remove() {
  ::unlink(path_.c_str());
}

}  // namespace hourglass
