// A place in the file system that one process at a time may use. Not for threads of one process.
#pragma once

#include <filesystem>
#include <string>

namespace hourglass {

/// Held from construction to destruction, by an advisory lock (flock) on a file that names the
/// process: its number and its machine. The system lets go of it when the process ends, however
/// that is, so a lock never outlives its holder; the file may, and then means nothing.
class FileLock {
 public:
  /// What is told to the one who is refused: "process 7 (hourglass) is DOING already: REMEDY".
  struct Words {
    std::string doing;
    std::string remedy;
  };

  /// Throws Error if another process has it, naming that process, or if the file cannot be made. On
  /// a file system without locks nothing is held and no file is left.
  FileLock(std::filesystem::path path, Words words);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return descriptor_ >= 0; }

  /// Takes it again where somebody removed the file, with its folder or alone; otherwise does
  /// nothing. Throws Error as the constructor does.
  void keep();

 private:
  void take();
  void let_go();

  std::filesystem::path path_;
  Words words_;
  int descriptor_ = -1;
};

}  // namespace hourglass
