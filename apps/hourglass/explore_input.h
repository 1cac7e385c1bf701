// What `hourglass explore` shows: the pack of a checkpoint or of a matrix. Not how it is handed
// over: see explore.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common.h"

namespace hourglass::cli {

struct ExploreFlags {
  Common common;
  std::string input;  // a checkpoint or a matrix; empty: the newest checkpoint
  std::string dataset;
  std::vector<std::string> splits{"test"};
  std::int64_t limit = 0;  // 0: none
  bool no_images = false;
  std::string map, labels, label_column;  // of a matrix; empty: none
  std::filesystem::path images;
  std::filesystem::path output;  // empty: serve
  std::string epochs = "last";
  bool no_browser = false;
  std::int64_t port = 0;  // 0: the usual ones
  bool overwrite = false;
  bool json = false;
};

/// A pack with the models that belong to its maps.
struct Explored {
  std::string name;  // the arguments, for a next command; empty: they cannot be named again
  std::vector<std::uint8_t> pack;
  std::vector<std::uint8_t> model;                       // a checkpoint; empty: none
  std::map<std::int64_t, std::filesystem::path> epochs;  // models of earlier epochs
  std::filesystem::path kept;                            // where the pack lies; empty: nowhere
  bool made = false;                                     // the pack, by this call
};

/// Whether the argument names a matrix rather than a checkpoint: by what the file holds, or, if
/// there is none, by how its name ends.
bool names_matrix(const std::string& input);

/// The pack kept beside the checkpoint if it is of the same model, images and flags, otherwise a
/// new one, which is kept.
Explored explore_checkpoint(const ExploreFlags& flags);
Explored explore_matrix(const ExploreFlags& flags);

}  // namespace hourglass::cli
