// What the files of other programs are called. Not what is in them.
#pragma once

#include <filesystem>
#include <string_view>

#include "hourglass/models/checkpoint_file.h"

namespace hourglass {

/// FOLDER/PART_DATASET_D.ENDING, "models/AE/encoder_mnist_32.pth". Always in the folder: slashes
/// and control characters in the data set's name, which a file says, become '_'.
std::filesystem::path exported_place(const std::filesystem::path& folder, std::string_view part,
                                     const Checkpoint& checkpoint, std::string_view ending);

}  // namespace hourglass
