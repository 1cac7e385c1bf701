// A file that a download appends to. Not the transfer: see transfer.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace hourglass {

/// A file that grows: opened for appending, locked against a second process. Throws Error naming
/// the file and the system's reason.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path path);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::uint8_t> bytes);
  void clear();                                       ///< Back to no bytes.
  void move_to(const std::filesystem::path& target);  ///< Synced, then renamed.
  void remove();                                      ///< Deletes the file.
  const std::filesystem::path& path() const { return path_; }

 private:
  void open_and_lock();
  bool is_at_path() const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace hourglass
