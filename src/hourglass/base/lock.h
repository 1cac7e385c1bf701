// A lock file: one process at a time may hold it. Not for threads of one process.
#pragma once

#include <filesystem>
#include <string>

namespace hourglass {

/// Held from construction to destruction, as an advisory lock (flock) on a file that contains the
/// process id and the machine. The system releases the lock when the process ends, for any reason;
/// a file that remains then means nothing.
class FileLock {
 public:
  /// The message for a refused process: "process 7 (hourglass) is DOING already: REMEDY".
  struct Words {
    std::string doing;
    std::string remedy;
  };

  /// Throws Error if another process holds the lock, naming that process, or if the file cannot be
  /// created, or if the path is a link, a pipe or another file's name: those are left alone. On a
  /// file system without locks nothing is held and no file remains.
  FileLock(std::filesystem::path path, Words words);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return descriptor_ >= 0; }

  /// Takes the lock again if somebody removed the file or its folder; otherwise does nothing.
  /// Throws Error as the constructor does.
  void keep();

 private:
  void take();
  void release();

  std::filesystem::path path_;
  Words words_;
  int descriptor_ = -1;
};

}  // namespace hourglass
