// A file mapped into memory, without reading all of it; or a pipe, read to its end. Not for files
// that change meanwhile: the bytes are those at the moment of the access.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

namespace hourglass {

class MappedFile {
 public:
  /// Throws Error naming the file and the system's reason, or if it is no regular file.
  explicit MappedFile(const std::filesystem::path& path);
  /// The same, and a pipe or, as "-", standard input: read to the end. Throws Error also for a
  /// terminal, and beyond `limit` bytes of a pipe.
  static MappedFile or_pipe(const std::filesystem::path& path,
                            std::size_t limit = std::size_t{1} << 36);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::span<const std::uint8_t> bytes() const {
    return {static_cast<const std::uint8_t*>(data_), size_};
  }

 private:
  MappedFile() = default;
  /// Returns an errno, or 0.
  int read_to_end(int file, std::size_t limit);

  void* data_ = nullptr;  // nullptr where the file is empty
  std::size_t size_ = 0;
};

}  // namespace hourglass
