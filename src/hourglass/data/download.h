// Downloads files from mirrors: resumable and verified; a file gets its final name only when it is
// correct. https only. A single transfer: see transfer.h.
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
  std::filesystem::path path;     // the part received so far is in PATH.part
  std::string sha256;
  ChecksumOf checksum_of = ChecksumOf::content;
  std::uint64_t most_bytes = 0;   // the limit, for packed and unpacked size
  std::uint64_t usual_bytes = 0;  // for the progress bar
};

/// Downloads one file. An interrupted transfer is resumed: from the same mirror as long as bytes
/// come, then from the next mirror, or in a later run. If the checksum differs, the file is deleted
/// and the next mirror is tried. Throws one Error with the problem of each mirror and the remedy.
/// Without a network it gives up after about patience_seconds + connect_timeout_seconds.
void download_file(const Download& download, const DownloadOptions& options,
                   Progress& progress = Progress::none());

/// Downloads the files of a data set into `folder`, which is made if missing; keeps files that
/// are there, unpacked ones too. Stops at the first file that no mirror has.
void download_dataset(const CatalogueEntry& entry, const std::filesystem::path& folder,
                      const DownloadOptions& options, Progress& progress = Progress::none());

}  // namespace hourglass
