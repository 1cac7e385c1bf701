// Whole files: read at once, written so that a path never holds half a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The bytes of a file. Throws Error naming the file and the system's reason, or if it is larger
/// than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uint64_t limit = std::uint64_t{1} << 36);

/// Writes a path so that it never holds half a file. The bytes go to PATH.tmp.NUMBER, a new file
/// that no link can stand in for; commit() syncs it and renames it to PATH. Without commit() the
/// old file stays and the temporary file is removed.
///
/// A symbolic link stays, and the file that it names is written; a file that is replaced keeps its
/// mode, and its owner where the system allows that. A pipe, a device that is no disk, or a
/// descriptor of this process (/dev/stdout) is written to at once and never replaced.
///
/// Throws Error naming the path and the reason (no such folder, read-only, disk full, a folder, a
/// disk).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  void commit();

 private:
  void open_temporary();
  [[noreturn]] void fail_write() const;

  std::filesystem::path path_, target_;  // as given, and after links
  std::filesystem::path temporary_;      // empty: the bytes go to the target at once
  bool replaces_ = false;
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// What a path names, after links.
enum class PathKind {
  kNothing,
  kFile,
  kFolder,
  kStream,  // a pipe, a device that is no disk, or an open descriptor of this process
  kOther,
};
/// Throws Error for a path that cannot be followed.
PathKind path_kind(const std::filesystem::path& path);

/// Whether both paths are there and are one file, by links of any kind too.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Throws Error, as AtomicFile would, if the path cannot be written. Opens no pipe and leaves no
/// file.
void check_writable(const std::filesystem::path& path);

/// Appends to a file, creates it if needed, and syncs it. Throws Error naming the file and the
/// reason; the file is then truncated to its old length.
void append_file(const std::filesystem::path& path, std::string_view text);

/// Whether the name is that of an AtomicFile before commit(): if no process writes the file, a
/// killed process left it.
bool is_temporary_file(const std::filesystem::path& path);

/// Creates a folder and its parents. Throws Error naming it and the reason.
void make_folder(const std::filesystem::path& folder);

/// Renames a file within a folder and replaces the old one. Throws Error naming both.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes a file if it is there. Throws Error naming it.
void remove_file(const std::filesystem::path& path);

/// Syncs a folder: renames and removals in it are on disk afterwards.
void sync_folder(const std::filesystem::path& folder);

}  // namespace hourglass
