#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace hourglass {
namespace {

std::string reason() {
  return std::strerror(errno);
}

/// A descriptor that closes itself.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0) fail("read", "cannot open {}: {}", path.string(), reason());
  struct stat status {};
  if (::fstat(file.value, &status) != 0) fail("read", "{}: {}", path.string(), reason());
  if (!S_ISREG(status.st_mode)) fail("read", "{} is not a regular file", path.string());
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit) {
    fail("read", "{} has {} bytes: more than the {} allowed here", path.string(), size, limit);
  }
  std::vector<std::uint8_t> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.value, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", "{}: {}", path.string(), reason());
    if (got == 0) fail("read", "{} became shorter while it was read", path.string());
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

AtomicFile::AtomicFile(std::filesystem::path place)
    : place_(std::move(place)), temporary_(place_.string() + ".tmp." + std::to_string(::getpid())) {
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("write", "cannot write {}: {}", place_.string(), reason());
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write", "{}: {}; what was there is untouched", place_.string(), reason());
    done += static_cast<std::size_t>(put);
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0 || ::rename(temporary_.c_str(), place_.c_str()) != 0) {
    fail("write", "{}: {}; what was there is untouched", place_.string(), reason());
  }
  ::close(descriptor_);
  descriptor_ = -1;
  // The rename itself is on disk only once the folder is.
  const auto folder = place_.has_parent_path() ? place_.parent_path() : std::filesystem::path(".");
  const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.value >= 0) ::fsync(parent.value);
}

void write_file(const std::filesystem::path& place, std::span<const std::uint8_t> bytes) {
  AtomicFile file(place);
  file.write(bytes);
  file.commit();
}

void write_file(const std::filesystem::path& place, std::string_view text) {
  AtomicFile file(place);
  file.write(text);
  file.commit();
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail("write", "cannot make the folder {}: {}", folder.string(), error.message());
}

}  // namespace hourglass
