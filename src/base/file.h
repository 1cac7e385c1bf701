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

/// Makes a folder and those above it. Throws Error naming it and the reason.
void make_folder(const std::filesystem::path& folder);

}  // namespace hourglass
