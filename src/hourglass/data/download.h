// Files from mirrors: resumable, verified, put in place only when they are right. Not a browser:
// https only. One transfer is transfer.h's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/base/progress.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/data/transfer.h"

namespace hourglass {

struct Download {
  std::vector<std::string> urls;  // mirrors, tried in this order; https
  std::filesystem::path place;    // what has come so far lies beside it as PLACE.part
  std::string sha256;             // of the decompressed bytes
  std::uint64_t most_bytes = 0;   // more than this is refused, packed or unpacked
  std::uint64_t usual_bytes = 0;  // for the progress bar
};

/// Downloads one file. A transfer that stops is taken up again where it stopped, at the same mirror
/// as long as bytes come and then at the next; another run takes it up too. Bytes whose checksum
/// differs are deleted and the next mirror is tried. Throws one Error that names each mirror with
/// its trouble and the remedy. Without a network it gives up within about patience_seconds +
/// connect_timeout_seconds.
void download_file(const Download& download, const DownloadOptions& options,
                   Progress& progress = Progress::none());

/// The four files of a data set into `folder`, made if need be; those that lie there are left.
/// Ends at the first file that no mirror gives.
void download_dataset(const CatalogueEntry& entry, const std::filesystem::path& folder,
                      const DownloadOptions& options, Progress& progress = Progress::none());

}  // namespace hourglass
