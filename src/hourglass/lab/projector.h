// A model's latent vectors of a data set, for TensorBoard's embedding projector.
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
  std::optional<ImageSize> shown_at;  // size of the images in the sprite, if they were shrunk
};

/// Encodes the images and writes FOLDER by interop/projector.h, with the columns label, name (of
/// the image's file, where it has one) and index (in its split), and split if there are two. Images
/// are shrunk if they would not fit into the projector's sprite. `name` is the model's: "mnist_32".
ProjectorFiles export_projector(const Model& model, const std::string& name, const Dataset& data,
                                const std::vector<std::string>& splits,
                                const std::filesystem::path& folder, ThreadPool& pool);

}  // namespace hourglass
