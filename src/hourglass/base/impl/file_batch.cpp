#include "hourglass/base/impl/file_batch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

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
  errno = 0;
  std::ofstream file(temporary(name), std::ios::binary | std::ios::trunc);
  names_.push_back(name);
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  file.close();
  if (!file) {
    fail_file("write", "cannot write {}: {}", (folder_ / name).string(), std::strerror(errno));
  }
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
