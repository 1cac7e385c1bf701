// A file read from front to back, plain or gzip'd: which one its first bytes tell, not its name.
// Not seekable, and no other compression.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace hourglass {

class ByteReader {
 public:
  /// Throws Error naming the file and the system's reason if it cannot be opened.
  explicit ByteReader(const std::filesystem::path& path);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  /// Fills `out` with the next (decompressed) bytes and returns how many there were: fewer than
  /// asked for only at the file's end. Throws Error if the file cannot be read, or if its gzip data
  /// is cut short, damaged or followed by something else.
  std::size_t read(std::span<std::uint8_t> out);

  /// No more than this many bytes can still come, whatever the file claims: what a header promises
  /// is held against it before memory is taken.
  std::uint64_t most_left() const;

  const std::filesystem::path& path() const { return path_; }

 private:
  struct State;
  std::filesystem::path path_;
  std::unique_ptr<State> state_;
};

/// Deflate cannot make more than this many bytes from one (zlib's technical notes, "Maximum
/// Compression Factor").
inline constexpr std::uint64_t kMaxDeflateRatio = 1032;

/// SHA-256, in hexadecimal, of the file's decompressed bytes: the same for a file and for any
/// gzip of it. Errors as ByteReader, and if there are more than `most` of them.
std::string sha256_of_contents(const std::filesystem::path& path,
                               std::uint64_t most = ~std::uint64_t{0});

}  // namespace hourglass
