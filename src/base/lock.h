// A place in the file system that one process at a time may use. Not for threads of one process.
#pragma once

#include <filesystem>
#include <string>

namespace hourglass {

/// Held from construction to destruction, by an advisory lock (flock) on a file that holds the
/// process's number. The system lets go of it when the process ends, however that is, so a lock
/// never outlives its holder; the file may.
class FileLock {
 public:
  /// Throws Error if another process has it, naming `what` it does there and that process, or if
  /// the file cannot be made. On a file system without locks nothing is held.
  FileLock(std::filesystem::path path, const std::string& what);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return descriptor_ >= 0; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace hourglass
