// One transfer of one https URL into a partial file. Mirrors, retries and checksums: see
// download.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "hourglass/data/part_file.h"

namespace hourglass {

/// Options of a download.
struct DownloadOptions {
  std::filesystem::path ca_file;    // certificates to trust; empty: the system's
  int connect_timeout_seconds = 5;  // for the name, the connection and the TLS handshake together
  int stall_seconds = 10;           // a transfer with almost no bytes for this long is stopped
  int patience_seconds = 20;        // no further mirror is tried after this long without bytes
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

/// The version of the library that transfers; empty where it is not there.
std::string transfer_library_version();

}  // namespace hourglass
