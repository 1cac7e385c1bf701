// Facts about this machine for `hourglass doctor`. Chooses nothing: see kernels/kernels.h and
// base/threads.h. Memory and processor quota: base/machine.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::cli {

struct Processor {
  std::string name;                   // from the system, or "unknown"
  std::vector<std::string> features;  // those that the kernels use: "avx2", "fma", ...
};
Processor processor();

struct Library {
  std::string name;
  std::string version;  // of the loaded library, not of the build
};
std::vector<Library> libraries();

/// The font file and family that the system gives for "DejaVu Sans".
struct Font {
  std::string family;
  std::string file;
};
Font figure_font();

/// The state of a folder.
struct Folder {
  std::string path;  // empty: there is none
  bool exists = false;
  bool writable = false;  // or can be created
  std::optional<std::uint64_t> free_bytes;
};
Folder cache();

}  // namespace hourglass::cli
