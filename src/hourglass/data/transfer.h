// One transfer of one https URL into a partial file. Mirrors, retries and checksums: see
// download.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace hourglass {

/// Options of a download.
struct DownloadOptions {
  std::filesystem::path ca_file;    // certificates to trust; empty: the system's
  int connect_timeout_seconds = 5;  // for the name, the connection and the TLS handshake together
  int stall_seconds = 10;           // a transfer with almost no bytes for this long is stopped
  int patience_seconds = 20;        // no further mirror is tried after this long without bytes
};

/// A partial file: opened for appending, locked against other processes. Throws Error with the file
/// and the system's reason.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path path);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::uint8_t> bytes);
  void clear();                                     ///< Empties the file.
  void move_to(const std::filesystem::path& path);  ///< Synced, then renamed.
  void remove();                                    ///< Deletes the file.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

struct TransferResult {
  bool complete = false;       // the server says that the file is complete
  bool resumed = false;        // it continued the partial file
  std::uint64_t received = 0;  // bytes received
  std::string trouble;         // why it is not complete, in a few words
};

/// Requests the bytes of `url` that `part` lacks and appends them; empties the file first if the
/// server sends the whole file. https only. Follows at most five redirects, never to another host
/// or port: only servers of the catalogue are asked. Refuses more than `most_bytes`. Calls
/// `on_bytes(size of part)` as bytes come. A network problem is in the result; a problem of this
/// machine (a full disk) is thrown as Error.
TransferResult transfer(const std::string& url, PartFile& part, std::uint64_t most_bytes,
                        const DownloadOptions& options,
                        const std::function<void(std::uint64_t)>& on_bytes);

}  // namespace hourglass
