// A model's codes of a data set, for the embedding projector.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common.h"

namespace hourglass::cli {

/// Which images, and what their codes are called.
struct ProjectorCall {
  std::string name;     // of the model: "mnist_32"
  std::string dataset;  // empty: what it was trained on
  std::vector<std::string> splits;
};

/// Encodes the images and writes FOLDER as interop/projector.h has it, with the columns label and
/// index (of the image in its split), and split where there are two. Returns the paths. Where the
/// images are too many for the projector's sprite they are made smaller, and a note says so.
std::vector<std::filesystem::path> export_projector(const Checkpoint& checkpoint,
                                                    const ProjectorCall& call,
                                                    const std::filesystem::path& folder,
                                                    const Common& common);

}  // namespace hourglass::cli
