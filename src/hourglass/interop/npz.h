// NumPy's .npz: several named arrays in a zip archive. Not a checkpoint: see safetensors.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hourglass/base/mapped_file.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/npy.h"
#include "hourglass/interop/zip.h"

namespace hourglass {

struct NpzOptions {
  bool deflate = false;  // true: smaller and slower, as savez_compressed; false: as savez
};

/// Writes arrays one after another; the file has its final name only after commit(). The same
/// arrays give the same bytes. Throws Error beyond 4 GB.
class NpzWriter {
 public:
  explicit NpzWriter(std::filesystem::path path, const NpzOptions& options = {});

  /// `name` is the key in `numpy.load(path)`.
  void add(std::string_view name, const ArrayView& array);
  template <typename T>
  void add(std::string_view name, std::span<const T> values, Shape shape) {
    add(name, ArrayView(values, shape));
  }
  void add(std::string_view name, const TextArray& array);
  void commit();

 private:
  ZipWriter zip_;
};

/// One .npy file of an archive.
struct NpzEntry {
  std::string name;             // the key in `numpy.load(path)`
  std::optional<NpyKind> kind;  // nullopt: it is no array that hourglass reads

  bool has_numbers() const { return kind && !kind->text; }
  bool has_text() const { return kind && kind->text; }
};

/// An archive of which only the arrays asked for are read: no other entry, whatever it holds, stops
/// that. Reading an array throws Error as zip.h and npy.h do, and for one of more than `limit`
/// bytes.
class NpzReader {
 public:
  explicit NpzReader(const std::filesystem::path& path,
                     std::uint64_t limit = std::uint64_t{1} << 32);
  /// Borrows the bytes; `source` is the name for messages.
  NpzReader(std::span<const std::uint8_t> bytes, std::string source,
            std::uint64_t limit = std::uint64_t{1} << 32);

  /// In the archive's order; entries that are not .npy files are left out.
  const std::vector<NpzEntry>& entries() const { return entries_; }
  const NpzEntry* find(std::string_view name) const;  ///< nullptr: no such entry.

  /// The .npy file under a name. Throws Error with the names that there are for another.
  std::vector<std::uint8_t> file(std::string_view name) const;
  Array numbers(std::string_view name) const;
  std::variant<Array, TextArray> content(std::string_view name) const;

 private:
  void read_directory(std::span<const std::uint8_t> bytes);
  std::string source_of(std::string_view name) const;

  std::optional<MappedFile> file_;
  std::string source_;
  std::uint64_t limit_;
  std::vector<NpzEntry> entries_;
  std::vector<ZipEntry> packed_;  // of entries_
};

/// The first names of several, for a message: "a, b, ...".
std::string name_list(std::span<const std::string> names);

/// Reads archives of .npy entries of numbers, stored or deflated. Throws Error in one line with the
/// file, the entry and the reason: see zip.h and npy.h. All sizes are checked before unpacking;
/// arrays of more than `limit` bytes in total are refused.
std::map<std::string, Array> read_npz(const std::filesystem::path& path,
                                      std::uint64_t limit = std::uint64_t{1} << 32);

/// The same from bytes; `source` is the name for messages.
std::map<std::string, Array> parse_npz(std::span<const std::uint8_t> bytes, std::string_view source,
                                       std::uint64_t limit = std::uint64_t{1} << 32);

}  // namespace hourglass
