// What the fuzz targets share. A target is LLVMFuzzerTestOneInput(): whatever the bytes, a reader
// returns something true to its own sizes or throws Error in one line, and nothing else happens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/interop/array.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace hourglass::fuzz {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Ends the program, so that the fuzzer keeps the input, unless `good`.
void check(bool good, std::string_view what);

/// That an Error can be shown as it is: one line, not endless, without control characters.
void check_line(std::string_view line);

/// That the array holds as many bytes as its shape and type say, and can be converted.
void check_true_to_size(const Array& array);

/// That both are equal in type, shape and every byte.
void check_same(const Array& a, const Array& b, std::string_view what);

std::string_view text_of(ByteView bytes);
ByteView bytes_of(std::string_view text);

/// Whether the input is one of those that slow checks are made with: told from it alone, so that it
/// stays so.
inline bool is_sample(ByteView input) {
  return input.size() % 16 == 0;
}

/// Runs `read`: true if it returned, false if it threw Error. Anything else that it throws ends the
/// program.
template <typename Read>
bool reads(const Read& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    check_line(error.what());
    return false;
  }
}

/// The bytes as a file in memory, for readers that take paths.
class MemoryFile {
 public:
  explicit MemoryFile(ByteView bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const;

 private:
  int descriptor_;
};

/// A place for a writer's file, of this process alone and in memory where the system has such a
/// folder.
const std::filesystem::path& scratch_file();

/// A zip archive of stored entries, with the right checksums.
struct StoredEntry {
  std::string name;
  Bytes content;
};
Bytes stored_zip(std::span<const StoredEntry> entries);

/// A safetensors file with `header` as it is and zeros for data: as many as the largest number up
/// to `most` that ends a list of several, which is where the last data_offsets end. Not parsed:
/// that is the reader's part.
Bytes with_zeros(std::string_view header, std::uint64_t most);

}  // namespace hourglass::fuzz
