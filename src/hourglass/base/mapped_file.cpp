#include "hourglass/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "hourglass/base/error.h"

namespace hourglass {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_file("read", "cannot open {}: {}", path.string(), std::strerror(errno));
  struct stat status {};
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  if (regular && status.st_size > 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
  }
  const int reason = errno;
  ::close(file);  // a mapping outlives its descriptor
  if (!regular) fail_file("read", "{} is not a regular file", path.string());
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    fail_file("read", "cannot map {}: {}", path.string(), std::strerror(reason));
  }
}

MappedFile MappedFile::or_pipe(const std::filesystem::path& path, std::size_t limit) {
  const bool standard = path == "-";
  struct stat status {};
  const bool found =
      (standard ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status)) == 0;
  if (!standard && (!found || S_ISREG(status.st_mode))) return MappedFile(path);
  const std::string name = standard ? "standard input" : path.string();
  if (!found) fail_file("read", "cannot read {}: {}", name, std::strerror(errno));
  if (standard && ::isatty(STDIN_FILENO) == 1) {
    fail_file("read", "{} is a terminal: name a file, or write into a pipe", name);
  }
  if (!S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode) && !S_ISREG(status.st_mode)) {
    fail_file("read", "{} is not a regular file and no pipe", name);
  }
  const int file = standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_file("read", "cannot open {}: {}", name, std::strerror(errno));
  MappedFile out;
  const int reason = out.read_to_end(file, limit);
  ::close(file);
  if (reason == EFBIG) fail_file("read", "{} has more than {} bytes", name, limit);
  if (reason != 0) fail_file("read", "{}: {}", name, std::strerror(reason));
  return out;
}

int MappedFile::read_to_end(int file, std::size_t limit) {
  std::size_t done = 0;
  while (true) {
    if (done == size_) {
      if (size_ > limit) return EFBIG;
      const std::size_t larger = size_ == 0 ? std::size_t{1} << 20 : 2 * size_;
      void* const moved = size_ == 0 ? ::mmap(nullptr, larger, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                     : ::mremap(data_, size_, larger, MREMAP_MAYMOVE);
      if (moved == MAP_FAILED) return errno;
      data_ = moved;
      size_ = larger;
    }
    const ssize_t got = ::read(file, static_cast<char*>(data_) + done, size_ - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
      continue;
    }
    // The rest of the last page stays mapped, as that of a file.
    if (done == 0) {
      ::munmap(data_, size_);
      data_ = nullptr;
    } else {
      void* const cut = ::mremap(data_, size_, done, MREMAP_MAYMOVE);
      if (cut == MAP_FAILED) return errno;
      data_ = cut;
    }
    size_ = done;
    return 0;
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace hourglass
