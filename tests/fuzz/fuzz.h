// Shared by the fuzz targets. A target is LLVMFuzzerTestOneInput(): for any bytes, a reader returns
// something that agrees with its own sizes, or throws an Error of one line.
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

/// Checks that an Error can be shown: one line, not too long, without control characters.
void check_line(std::string_view line);

/// Checks that the array has the bytes that shape and type need, and can be converted.
void check_true_to_size(const Array& array);

/// Checks that both are equal in type, shape and every byte.
void check_same(const Array& a, const Array& b, std::string_view what);

std::string_view text_of(ByteView bytes);
ByteView bytes_of(std::string_view text);

/// Whether to make slow checks with this input. Depends only on the input, so that it is
/// repeatable.
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

/// A path for a writer's file, only of this process, and in memory if the system has such a folder.
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
