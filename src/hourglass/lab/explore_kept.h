// Packs of the explorer kept beside their checkpoints, and what they were made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hourglass/lab/explore_pack.h"

namespace hourglass {

/// Everything that decides what is in the pack of a checkpoint.
struct ExploreSource {
  std::string checkpoint;  // SHA-256 of its file
  std::string data;        // SHA-256 of the data set
  std::vector<std::string> splits;
  std::int64_t limit = 0;
  bool images = true;
  std::string maps;  // drawn_maps_sha256()
  std::map<std::string, std::string> commands;

  bool operator==(const ExploreSource&) const = default;

  /// For make_explore_pack(): these and the program's version, as JSON.
  std::string key() const;
};

struct KeptPack {
  ExploreSource source;
  std::vector<std::uint8_t> bytes;
};

/// The pack in a file; nothing if there is none, it is damaged, of another version, or no pack.
std::optional<KeptPack> read_kept_pack(const std::filesystem::path& path);

/// How many points and which epochs a pack has, by its facts. Throws Error for what is no pack.
struct PackOutline {
  std::int64_t points = 0, total = 0, latent_dim = 0;
  bool images = false;
  std::vector<std::int64_t> epochs;
  std::vector<std::string> missing;
};
PackOutline outline_pack(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
