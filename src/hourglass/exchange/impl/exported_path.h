// Paths of files that are exported for other programs. Not their content.
#pragma once

#include <filesystem>
#include <string_view>

#include "hourglass/models/checkpoint_file.h"

namespace hourglass {

/// FOLDER/PART_DATASET_D.ENDING, "models/AE/encoder_mnist_32.pth". Slashes and control characters
/// in the data set's name, which comes from a file, become '_', so the path is always in the
/// folder.
std::filesystem::path exported_path(const std::filesystem::path& folder, std::string_view part,
                                    const Checkpoint& checkpoint, std::string_view ending);

}  // namespace hourglass
