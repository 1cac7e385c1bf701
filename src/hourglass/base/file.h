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

/// A file that is written as PATH.tmp.PID; commit() syncs it and renames it to PATH. Without
/// commit() the old file stays and the temporary file is removed. Throws Error naming the path and
/// the reason (no such folder, read-only, disk full).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  void commit();

  /// The path of the bytes until commit(), for libraries that write files by name.
  const std::filesystem::path& temporary() const { return temporary_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

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
