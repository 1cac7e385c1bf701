// Finds the parameters of an encoder and a decoder among all arrays of some files: below names of
// wrappers, beside an optimiser's state, counters and other models. Not the model: see registry.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hourglass/exchange/torch.h"
#include "hourglass/models/registry.h"

namespace hourglass {

/// The arrays of one model under the names of checkpoints ("encoder.conv1.weight"), and the names
/// of all others as they are in the files.
struct StateDict {
  NamedArrays arrays;
  std::vector<std::string> left_out;
};

/// Takes, of the dictionaries in the files, those that together have all parameters of a model. If
/// none have, takes the largest of an encoder and of a decoder, so that what is missing can be
/// named. An array inside a dictionary taken is never left out: it may be part of another network.
/// Throws Error if there are several such models, or two arrays of one name.
StateDict find_state_dict(std::vector<ParameterFile> files, std::optional<ImageSize> image_size);

/// Names and shapes for recognise_model().
StateShapes shapes_of(const NamedArrays& file, std::optional<ImageSize> image_size,
                      const std::string& source);

/// The files' names without their folders: "encoder.pth, decoder.pth".
std::string names_of(std::span<const ParameterFile> files);

}  // namespace hourglass
