// One transfer of one https URL into a partial file. Not a download: mirrors, retries and checksums
// are download.h's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace hourglass {

/// What a download is allowed.
struct DownloadOptions {
  std::filesystem::path ca_file;    // certificates to trust instead of the system's; empty: those
  int connect_timeout_seconds = 5;  // for the name, the connection and the TLS handshake together
  int stall_seconds = 10;           // a transfer that brings almost nothing for so long is given up
  int patience_seconds = 20;        // no further mirror is tried once nothing came for so long
};

/// A file that grows: opened for appending, locked against a second process. Throws Error naming
/// the file and the system's reason.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path path);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::uint8_t> bytes);
  void clear();                                      ///< Back to no bytes.
  void move_to(const std::filesystem::path& place);  ///< Synced, then renamed.
  void remove();                                     ///< Deletes the file.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

struct TransferResult {
  bool complete = false;       // the server says that this was all
  bool resumed = false;        // it took up where the partial file ended
  std::uint64_t received = 0;  // bytes that came
  std::string trouble;         // why it is not complete, in a few words
};

/// Asks `url` for what `part` lacks and appends it; a server that sends the whole file instead gets
/// the file emptied first. https alone. Redirects are followed five times and never to another host
/// or port: what the catalogue does not name is not asked. Refuses to hold more than `most_bytes`.
/// `on_bytes(size of part)` is called as bytes come. Trouble of the network is in the result;
/// trouble of this machine (a full disk) is thrown as Error.
TransferResult transfer(const std::string& url, PartFile& part, std::uint64_t most_bytes,
                        const DownloadOptions& options,
                        const std::function<void(std::uint64_t)>& on_bytes);

}  // namespace hourglass
