// A model's codes of a data set, for TensorBoard's embedding projector.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/data/resize.h"
#include "hourglass/models/model.h"

namespace hourglass {

struct ProjectorFiles {
  std::vector<std::filesystem::path> paths;
  std::int64_t images = 0;
  std::optional<ImageSize> shown_at;  // where they are too many for the projector's sprite
};

/// Encodes the images and writes FOLDER as interop/projector.h has it, with the columns label and
/// index (of the image in its split), and split where there are two. Images that are too many for
/// the projector's sprite are made smaller. `name` is the model's: "mnist_32".
ProjectorFiles export_projector(const Model& model, const std::string& name, const Dataset& data,
                                const std::vector<std::string>& splits,
                                const std::filesystem::path& folder, ThreadPool& pool);

}  // namespace hourglass
