#include "hourglass/base/impl/output_path.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

/// The descriptor if the path is that of one of this process: below /proc/self/fd, where /dev/fd
/// and /dev/stdout lead. Opening such a path again would start at the beginning of the file.
std::optional<int> own_descriptor(const fs::path& path) {
  const std::string name = path.filename().string();
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 0) return std::nullopt;
  std::error_code failed;
  const fs::path folder = fs::canonical(path.parent_path(), failed);
  if (failed || folder != fmt::format("/proc/{}/fd", ::getpid())) return std::nullopt;
  return number;
}

fs::path target_of_link(const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  if (error) fail_file("write", "cannot read the link {}: {}", link.string(), error.message());
  return target.is_absolute() ? target : link.parent_path() / target;
}

OutputPath::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return OutputPath::Kind::kFile;
  if (S_ISDIR(mode)) return OutputPath::Kind::kFolder;
  if (S_ISFIFO(mode) || S_ISCHR(mode)) return OutputPath::Kind::kStream;
  return OutputPath::Kind::kOther;
}

}  // namespace

OutputPath resolve_output(const fs::path& path) {
  OutputPath out{OutputPath::Kind::kNew, path, {}, 0, 0, 0};
  constexpr int kMostLinks = 40;  // as the system's own limit
  for (int links = 0; links <= kMostLinks; ++links) {
    struct stat status {};
    if (::lstat(out.path.c_str(), &status) != 0) {
      if (errno == ENOENT) return out;  // opening it says whether a folder is missing
      fail_file("write", "cannot write {}: {}", path.string(), std::strerror(errno));
    }
    if (!S_ISLNK(status.st_mode)) {
      out.kind = kind_of(status.st_mode);
      out.mode = status.st_mode & 07777;
      out.user = status.st_uid;
      out.group = status.st_gid;
      return out;
    }
    out.descriptor = own_descriptor(out.path);
    if (out.descriptor) {
      out.kind = OutputPath::Kind::kStream;
      return out;
    }
    out.path = target_of_link(out.path);
  }
  fail_file("write", "cannot write {}: {}", path.string(), std::strerror(ELOOP));
}

}  // namespace hourglass
