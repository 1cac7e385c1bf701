// Rows as the embedding projector opens them, TensorBoard's plugin and the page that stands alone.
// Not event files: see event_file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// What the projector may show of each row.
struct ProjectorColumn {
  std::string name;
  std::vector<std::string> values;  // [n]; tabs and line ends become spaces
};

struct ProjectorData {
  std::string name;                      // of these rows, for people
  ConstView rows;                        // [n, d], n and d >= 1
  std::vector<ProjectorColumn> columns;  // at least one; the first is shown beside a point
  std::span<const std::uint8_t> sprite;  // a PNG: as many pictures a row as a column, by rows
  std::int64_t picture_width = 0;        // of one of them, in pixels
  std::int64_t picture_height = 0;
};

/// The widest and highest sprite that the projector shows.
inline constexpr std::int64_t kMaxSpriteSide = 8192;

/// Writes into the folder, which is made: tensors.tsv, metadata.tsv, sprite.png,
/// projector_config.pbtxt (for TensorBoard) and projector_config.json (for the page that stands
/// alone). The same data give the same bytes. Returns their paths. Throws Error if one cannot be
/// written.
std::vector<std::filesystem::path> write_projector(const std::filesystem::path& folder,
                                                   const ProjectorData& data);

}  // namespace hourglass
