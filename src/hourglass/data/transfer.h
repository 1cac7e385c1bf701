// One transfer of one https URL into a partial file. Not a download: mirrors, retries and checksums
// are download.h's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "hourglass/data/part_file.h"

namespace hourglass {

/// What a download is allowed.
struct DownloadOptions {
  std::filesystem::path ca_file;    // certificates to trust instead of the system's; empty: those
  int connect_timeout_seconds = 5;  // for the name, the connection and the TLS handshake together
  int stall_seconds = 10;           // a transfer that brings almost nothing for so long is given up
  int patience_seconds = 20;        // no further mirror is tried once nothing came for so long
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

/// The version of the library that transfers; empty where it is not there.
std::string transfer_library_version();

}  // namespace hourglass
