// Zip archives in memory and on disk: entries stored or deflated, below 4 GB. Not encrypted, not
// split, not beyond zip64's limits, no folders, nothing unpacked to disk. PKWARE's APPNOTE 6.3.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/file.h"

namespace hourglass {

/// Writes an archive; all times in it are 1 January 1980, so that the same entries give the same
/// bytes (deflated ones: with the same zlib).
class ZipWriter {
 public:
  /// `deflate` false stores the entries as they are. Throws Error if the file cannot be written.
  ZipWriter(std::filesystem::path path, bool deflate);

  /// Appends an entry: `pieces`, one after another. Throws Error if the name is empty, longer than
  /// 65,535 bytes or repeated, or a limit of the format is exceeded.
  void add(std::string_view name, std::span<const std::span<const std::uint8_t>> pieces);

  /// Writes the directory and gives the file its final name.
  void commit();

 private:
  std::filesystem::path path_;
  bool deflate_;
  AtomicFile file_;
  std::uint64_t offset_ = 0;           // bytes written
  std::vector<std::uint8_t> central_;  // the directory so far
  std::set<std::string, std::less<>> names_;
};

/// An entry of an archive in memory, from the checked directory.
struct ZipEntry {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::uint64_t size = 0;                // bytes when unpacked
  std::span<const std::uint8_t> packed;  // into the archive
};

/// The directory of an archive, in its order. Throws Error in a line that begins with `source` if
/// the archive is not of the kind above, an entry is outside it or overlaps another, a name is
/// repeated, local names differ, a size is impossible (deflate shrinks at most 1032 times), or the
/// unpacked sizes sum to more than `limit`.
std::vector<ZipEntry> read_zip_directory(std::span<const std::uint8_t> archive,
                                         std::string_view source, std::uint64_t limit);

/// The content of an entry. Throws Error if it is damaged (length or CRC-32).
std::vector<std::uint8_t> unpack(const ZipEntry& entry, std::string_view source);

/// The first `most` bytes of an entry, or all that it has, without the check of its CRC-32.
std::vector<std::uint8_t> unpack_beginning(const ZipEntry& entry, std::uint64_t most,
                                           std::string_view source);

}  // namespace hourglass
