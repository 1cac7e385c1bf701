// Whole files: read at once, written so that there is never half a file in a place.
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

/// A file written beside its place (PATH.tmp.PID), synced and renamed into it by commit(). Without
/// commit() the place stays as it was and the temporary file is removed. Throws Error naming the
/// place and the reason (no such folder, read-only, disk full).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path place);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  void commit();

  /// Where the bytes lie until commit(), for libraries that write files by name themselves.
  const std::filesystem::path& temporary() const { return temporary_; }

 private:
  std::filesystem::path place_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& place, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& place, std::string_view text);

/// Adds to the end of a file, made if it is not there, and syncs it. Throws Error naming it and the
/// reason; the file is then cut back to what it was.
void append_file(const std::filesystem::path& place, std::string_view text);

/// Whether the name is one that AtomicFile gives to what it has begun: where no process writes it,
/// it is what a killed one left.
bool is_begun_file(const std::filesystem::path& path);

/// Makes a folder and those above it. Throws Error naming it and the reason.
void make_folder(const std::filesystem::path& folder);

/// Renames within a folder, in the place of what is there. Throws Error naming both.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes a file if it is there. Throws Error naming it.
void remove_file(const std::filesystem::path& path);

/// What was renamed in a folder or removed from it is on disk after this.
void sync_folder(const std::filesystem::path& folder);

}  // namespace hourglass
