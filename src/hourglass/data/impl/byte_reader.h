// Reads a plain or gzip'd file, or bytes in memory, sequentially; the first bytes decide which it
// is, not the name. Not seekable, no other compression.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

class ByteReader {
 public:
  /// Throws Error naming the file and the system's reason if it cannot be opened.
  explicit ByteReader(const std::filesystem::path& path);
  /// The bytes of a file that is in memory; `name` is for messages.
  ByteReader(std::vector<std::uint8_t> bytes, const std::filesystem::path& name);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  /// Reads the next (decompressed) bytes into `out` and returns their number, which is less than
  /// `out` holds only at the end of the file. Throws Error if the file cannot be read, or if its
  /// gzip data is cut short, damaged or followed by other bytes.
  std::size_t read(std::span<std::uint8_t> out);

  /// An upper limit of the remaining bytes. Sizes in a header are compared with it before memory is
  /// allocated.
  std::uint64_t most_left() const;

  const std::filesystem::path& path() const { return path_; }

 private:
  struct State;
  void detect_gzip();

  std::filesystem::path path_;
  std::unique_ptr<State> state_;
};

/// Deflate compresses at most by this factor (zlib's technical notes, "Maximum Compression
/// Factor").
inline constexpr std::uint64_t kMaxDeflateRatio = 1032;

/// SHA-256, in hexadecimal, of the file as it is. Throws Error if it cannot be read or has more
/// than `most` bytes.
std::string sha256_of_file(const std::filesystem::path& path,
                           std::uint64_t most = ~std::uint64_t{0});

/// SHA-256, in hexadecimal, of the file's decompressed bytes: the same for a file and its gzip.
/// Throws Error as ByteReader, and if there are more than `most` bytes.
std::string sha256_of_contents(const std::filesystem::path& path,
                               std::uint64_t most = ~std::uint64_t{0});

}  // namespace hourglass
