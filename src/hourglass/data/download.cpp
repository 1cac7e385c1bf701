#include "hourglass/data/download.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/data/impl/byte_reader.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr int kTriesPerMirror = 5;

/// Why the bytes are wrong, or "" if they are right.
std::string wrongness(const fs::path& path, const Download& download) {
  try {
    const std::string found = download.checksum_of == ChecksumOf::file
                                  ? sha256_of_file(path, download.most_bytes)
                                  : sha256_of_contents(path, download.most_bytes);
    if (found == download.sha256) return "";
    return fmt::format("its checksum differs (sha256 {} instead of {})", found, download.sha256);
  } catch (const Error&) {
    return "its gzip data is damaged, or far more than expected";
  }
}

/// One download, from one or several mirrors.
class Attempt {
 public:
  Attempt(const Download& download, const DownloadOptions& options, Progress& progress)
      : download_(download),
        options_(options),
        progress_(progress),
        part_(fs::path(download.path).concat(".part")),
        last_bytes_(monotonic_seconds()) {}

  void run() {
    for (const auto& url : download_.urls) {
      if (monotonic_seconds() - last_bytes_ > options_.patience_seconds) break;
      if (try_mirror(url)) {
        part_.move_to(download_.path);
        return;
      }
    }
    const bool kept = part_.size() > 0;
    if (!kept) part_.remove();
    fail_file(
        "download", "{}: {}{}; or put the file into {} yourself",
        download_.path.filename().string(), fmt::to_string(fmt::join(troubles_, "; ")),
        kept ? fmt::format(": {} bytes are kept, run again to continue from there", part_.size())
             : ": try again later",
        download_.path.parent_path().string());
  }

 private:
  /// Returns whether the mirror gave the right bytes.
  bool try_mirror(const std::string& url) {
    std::string trouble;
    for (int tries = 0; tries < kTriesPerMirror; ++tries) {
      const std::uint64_t before = part_.size();
      const TransferResult result =
          transfer(url, part_, download_.most_bytes, options_, [&](std::uint64_t size) {
            last_bytes_ = monotonic_seconds();
            show(size);
          });
      if (!result.complete) {
        trouble = result.trouble;
        if (part_.size() <= before) break;
        continue;  // some bytes came: resume where it stopped
      }
      const std::string wrong = wrongness(part_.path(), download_);
      if (wrong.empty()) return true;
      part_.clear();
      trouble = wrong + " and it was deleted";
      // The old partial file may have been wrong: try this mirror again from the start.
      if (!result.resumed) break;
    }
    troubles_.push_back(fmt::format("{}: {}", url, trouble));
    return false;
  }

  void show(std::uint64_t size) {
    const double share =
        static_cast<double>(size) / static_cast<double>(std::max(download_.usual_bytes, size));
    progress_.update(share, fmt::format("{:.1f} MB", static_cast<double>(size) / 1e6));
  }

  const Download& download_;
  const DownloadOptions& options_;
  Progress& progress_;
  PartFile part_;
  double last_bytes_;  // time of the last bytes, or of the start
  std::vector<std::string> troubles_;
};

/// Progress of a part of the work: its shares are mapped to [begin, end) of the whole.
class PartOfProgress : public Progress {
 public:
  PartOfProgress(Progress& whole, double begin, double end)
      : whole_(whole), begin_(begin), end_(end) {}
  void update(double share, std::string_view detail) override {
    most_ = std::max(most_, share);  // a restarted file does not move the bar back
    whole_.update(begin_ + (end_ - begin_) * most_, detail);
  }

 private:
  Progress& whole_;
  double begin_, end_;
  double most_ = 0.0;
};

}  // namespace

void download_file(const Download& download, const DownloadOptions& options, Progress& progress) {
  Attempt(download, options, progress).run();
}

void download_dataset(const CatalogueEntry& entry, const fs::path& folder,
                      const DownloadOptions& options, Progress& progress) {
  make_folder(folder);
  double all = 0.0, done = 0.0;
  for (const auto& file : entry.files) all += static_cast<double>(file.download_bytes);
  for (const auto& file : entry.files) {
    const double before = done;
    done += static_cast<double>(file.download_bytes);
    Download download;
    download.path = folder / file.name;
    // The unpacked file will do as well.
    const fs::path unpacked = file.name.ends_with(".gz") ? folder / download.path.stem() : "";
    if (fs::exists(download.path) || fs::exists(unpacked)) continue;
    for (const auto& mirror : entry.mirrors) download.urls.push_back(mirror + file.name);
    download.sha256 = file.sha256;
    download.checksum_of = file.checksum_of;
    // Deflate adds at most a few bytes per thousand to data that it cannot compress.
    download.most_bytes = static_cast<std::uint64_t>(file.bytes + file.bytes / 500 + 1024);
    download.usual_bytes = static_cast<std::uint64_t>(file.download_bytes);
    PartOfProgress part(progress, before / all, done / all);
    download_file(download, options, part);
  }
}

}  // namespace hourglass
