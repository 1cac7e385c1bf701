// Where the bytes of an output path go: links followed, pipes and devices told from files. Not the
// writing: see file.h.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>

namespace hourglass {

struct OutputPath {
  enum class Kind {
    kNew,     // nothing is there
    kFile,    // a regular file, which is replaced
    kStream,  // a pipe, a device that is no disk, or an open descriptor of this process
    kFolder,
    kOther,  // a disk or a socket
  };
  Kind kind = Kind::kNew;
  std::filesystem::path path;     // after all links
  std::optional<int> descriptor;  // of this process: 1 for /dev/stdout, 3 for /dev/fd/3
  mode_t mode = 0;                // of a file
  uid_t user = 0;
  gid_t group = 0;
};

/// Follows symbolic links. Throws Error for more than 40, and where a folder on the way is missing
/// or may not be searched.
OutputPath resolve_output(const std::filesystem::path& path);

}  // namespace hourglass
