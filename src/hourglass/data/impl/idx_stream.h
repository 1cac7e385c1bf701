// IDX files that are inside an archive. By their path: see idx.h, which has the errors too.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/data/idx.h"
#include "hourglass/data/impl/byte_reader.h"

namespace hourglass {

IdxImages read_idx_images(ByteReader& reader);
std::vector<std::int64_t> read_idx_labels(ByteReader& reader);

/// Throws Error naming both files if the numbers of images and labels differ.
void check_counts(const IdxImages& images, const std::vector<std::int64_t>& labels,
                  const std::filesystem::path& images_path,
                  const std::filesystem::path& labels_path);

}  // namespace hourglass
