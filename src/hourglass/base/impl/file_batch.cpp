#include "hourglass/base/impl/file_batch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "hourglass/base/error.h"

namespace hourglass {

FileBatch::~FileBatch() {
  std::error_code ignored;
  for (const std::string& name : names_) std::filesystem::remove(temporary(name), ignored);
}

std::filesystem::path FileBatch::temporary(const std::string& name) const {
  return folder_ / fmt::format("{}.tmp.{}", name, ::getpid());
}

void FileBatch::add(const std::string& name, const std::vector<std::uint8_t>& bytes) {
  const std::filesystem::path path = temporary(name);
  ::unlink(path.c_str());  // of a killed process of this number, or another's link
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  bool good = file >= 0;
  if (good) names_.push_back(name);
  std::span<const std::uint8_t> left(bytes);
  while (good && !left.empty()) {
    const ssize_t put = ::write(file, left.data(), left.size());
    good = put >= 0 || errno == EINTR;
    if (put > 0) left = left.subspan(static_cast<std::size_t>(put));
  }
  const int reason = errno;
  const bool closed = file < 0 || ::close(file) == 0;
  if (good && closed) return;
  fail_file("write", "cannot write {}: {}", (folder_ / name).string(),
            std::strerror(good ? errno : reason));
}

void FileBatch::commit() {
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = folder >= 0 && ::syncfs(folder) == 0;
  while (good && !names_.empty()) {
    const std::string& name = names_.back();
    good = ::rename(temporary(name).c_str(), (folder_ / name).c_str()) == 0;
    if (good) names_.pop_back();
  }
  // The renames are on disk only once the folder is.
  good = good && ::fsync(folder) == 0;
  const int reason = errno;
  if (folder >= 0) ::close(folder);
  if (!good)
    fail_file("write", "cannot write into {}: {}", folder_.string(), std::strerror(reason));
}

}  // namespace hourglass
