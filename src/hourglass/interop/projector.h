// Files for the embedding projector, both TensorBoard's plugin and the standalone page. Not event
// files: see event_file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// A column of metadata, with a text for each row.
struct ProjectorColumn {
  std::string name;
  std::vector<std::string> values;  // [n]; tabs and line ends become spaces
};

struct ProjectorData {
  std::string name;                      // of the rows, shown to the user
  ConstView rows;                        // [n, d], n and d >= 1
  std::vector<ProjectorColumn> columns;  // at least one; the first is shown beside a point
  std::span<const std::uint8_t> sprite;  // a PNG with a square grid of pictures, row by row
  std::int64_t picture_width = 0;        // of one picture, in pixels
  std::int64_t picture_height = 0;
};

/// The largest width and height of a sprite in the projector.
inline constexpr std::int64_t kMaxSpriteSide = 8192;

/// Makes the folder and writes tensors.tsv, metadata.tsv, sprite.png, projector_config.pbtxt (for
/// TensorBoard) and projector_config.json (for the standalone page). The same data give the same
/// bytes. Returns the paths. Throws Error if a file cannot be written.
std::vector<std::filesystem::path> write_projector(const std::filesystem::path& folder,
                                                   const ProjectorData& data);

}  // namespace hourglass
