// What this machine offers, gathered for `hourglass doctor`. Chooses nothing: see kernels/kernels.h
// and base/threads.h; memory and processor quota: base/machine.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::cli {

struct Processor {
  std::string name;                   // as the system calls it; "unknown" where it does not say
  std::vector<std::string> features;  // of those that matter here: "avx2", "fma", ...
};
Processor processor();

struct Library {
  std::string name;
  std::string version;  // of what is loaded, not of what it was built with
};
std::vector<Library> libraries();

/// The font file and family that the system gives for "DejaVu Sans".
struct Font {
  std::string family;
  std::string file;
};
Font figure_font();

/// What a folder is good for.
struct Folder {
  std::string path;  // empty: there is none
  bool exists = false;
  bool writable = false;  // or can be made
  std::optional<std::uint64_t> free_bytes;
};
Folder cache();

}  // namespace hourglass::cli
