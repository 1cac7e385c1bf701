// NumPy's .npz: several named arrays in a zip archive. Not a checkpoint: see safetensors.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/interop/array.h"
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
  void commit();

 private:
  ZipWriter zip_;
};

/// Reads archives of .npy entries, stored or deflated. Throws Error in one line with the file, the
/// entry and the reason: see zip.h and npy.h. All sizes are checked before unpacking; arrays of
/// more than `limit` bytes in total are refused.
std::map<std::string, Array> read_npz(const std::filesystem::path& path,
                                      std::uint64_t limit = std::uint64_t{1} << 32);

/// The same from bytes; `source` is the name for messages.
std::map<std::string, Array> parse_npz(std::span<const std::uint8_t> bytes, std::string_view source,
                                       std::uint64_t limit = std::uint64_t{1} << 32);

}  // namespace hourglass
