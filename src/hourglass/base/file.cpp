#include "hourglass/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/output_path.h"

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

/// Writes all bytes; returns false with errno set if that fails.
bool write_all(int descriptor, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::string_view kTemporary = ".tmp.";  // then the process id, and more if that is taken

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0) fail_file("read", "cannot open {}: {}", path.string(), reason());
  struct stat status {};
  if (::fstat(file.value, &status) != 0) fail_file("read", "{}: {}", path.string(), reason());
  if (!S_ISREG(status.st_mode)) fail_file("read", "{} is not a regular file", path.string());
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit) {
    fail_file("read", "{} has {} bytes: more than the {} allowed here", path.string(), size, limit);
  }
  std::vector<std::uint8_t> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.value, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_file("read", "{}: {}", path.string(), reason());
    if (got == 0) fail_file("read", "{} became shorter while it was read", path.string());
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  const OutputPath out = resolve_output(path_);
  target_ = out.path;
  replaces_ = out.kind == OutputPath::Kind::kFile;
  if (out.kind == OutputPath::Kind::kFolder) {
    fail_file("write", "{} is a folder: name a file in it", path_.string());
  }
  if (out.kind == OutputPath::Kind::kOther) {
    fail_file("write", "{} is a disk or a socket: name a file or a pipe", path_.string());
  }
  if (out.descriptor) {
    descriptor_ = ::fcntl(*out.descriptor, F_DUPFD_CLOEXEC, 0);
  } else if (out.kind == OutputPath::Kind::kStream) {
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  } else {
    open_temporary();
  }
  if (descriptor_ < 0) fail_file("write", "cannot write {}: {}", path_.string(), reason());
  if (!replaces_) return;
  // The owner first: a change of owner clears bits of the mode. Both only where it is allowed.
  [[maybe_unused]] const bool owned = ::fchown(descriptor_, out.user, out.group) == 0;
  [[maybe_unused]] const bool kept = ::fchmod(descriptor_, out.mode) == 0;
}

void AtomicFile::open_temporary() {
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    // A name that is taken belongs to another process of this number, or a killed one left it.
    temporary_ = fmt::format("{}{}{}{}", target_.string(), kTemporary, ::getpid(),
                             i == 0 ? "" : fmt::format("{:03}", i));
    descriptor_ =
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ >= 0 || errno != EEXIST) return;
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail_write() const {
  fail_file("write", "{}: {}{}", path_.string(), reason(),
            replaces_ ? "; the old file is unchanged" : "");
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  if (!write_all(descriptor_, bytes)) fail_write();
}

void AtomicFile::write(std::string_view text) {
  write(bytes_of(text));
}

void AtomicFile::commit() {
  if (temporary_.empty()) {
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) fail_write();
    return;
  }
  if (::fsync(descriptor_) != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) fail_write();
  ::close(descriptor_);
  descriptor_ = -1;
  sync_folder(target_.parent_path());
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

PathKind path_kind(const std::filesystem::path& path) {
  switch (resolve_output(path).kind) {
    case OutputPath::Kind::kNew:
      return PathKind::kNothing;
    case OutputPath::Kind::kFile:
      return PathKind::kFile;
    case OutputPath::Kind::kFolder:
      return PathKind::kFolder;
    case OutputPath::Kind::kStream:
      return PathKind::kStream;
    case OutputPath::Kind::kOther:
      break;
  }
  return PathKind::kOther;
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  struct stat of_a {
  }, of_b{};
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

void check_writable(const std::filesystem::path& path) {
  const OutputPath out = resolve_output(path);
  if (out.kind != OutputPath::Kind::kStream) {
    const AtomicFile trial(path);
    return;
  }
  const int flags = out.descriptor ? ::fcntl(*out.descriptor, F_GETFL) : -1;
  if (out.descriptor && flags >= 0 && (flags & O_ACCMODE) == O_RDONLY) errno = EBADF;
  const bool open = out.descriptor ? flags >= 0 && (flags & O_ACCMODE) != O_RDONLY
                                   : ::access(out.path.c_str(), W_OK) == 0;
  if (!open) fail_file("write", "cannot write {}: {}", path.string(), reason());
}

void append_file(const std::filesystem::path& path, std::string_view text) {
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
  struct stat before {};
  if (file.value < 0 || ::fstat(file.value, &before) != 0) {
    fail_file("write", "cannot write {}: {}", path.string(), reason());
  }
  if (write_all(file.value, bytes_of(text)) && ::fsync(file.value) == 0) return;
  const std::string why = reason();
  const bool restored = ::ftruncate(file.value, before.st_size) == 0;
  fail_file("write", "{}: {}{}", path.string(), why, restored ? "; the old file is unchanged" : "");
}

bool is_temporary_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const std::size_t at = name.rfind(kTemporary);
  return at != std::string::npos && at > 0 && at + kTemporary.size() < name.size() &&
         name.find_first_not_of("0123456789", at + kTemporary.size()) == std::string::npos;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail_file("write", "cannot make the folder {}: {}", folder.string(), error.message());
}

void move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    fail_file("write", "cannot rename {} to {}: {}", from.string(), to.string(), reason());
  }
}

void remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    fail_file("write", "cannot remove {}: {}", path.string(), reason());
  }
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor file{
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  // Not every file system supports this. Without it a crash may lose a file's new name, not the
  // file.
  if (file.value >= 0) ::fsync(file.value);
}

}  // namespace hourglass
