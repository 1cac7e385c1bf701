// The images of a trained model or of a run that goes on: where its record says that they are, read
// as they were read then, and divided as they were then.
#pragma once

#include <string>

#include "common.h"
#include "hourglass/train/run_paths.h"

namespace hourglass::cli {

/// The data for a trained model, resized to its image size: `dataset` if it is not empty, otherwise
/// the data that it was trained on, by its name or, with a note, by the run's record. Images of the
/// user's own that the run recorded are training or test images as then, whatever was added,
/// renamed or removed; those that it does not know go to `fresh`, if that is given. Prints a note
/// if that data has changed. Throws Error if the images do not fit the network.
Dataset open_data_for(const Checkpoint& checkpoint, const std::string& dataset,
                      const Common& common, RowSource* fresh = nullptr);

/// The images to go on with an unfinished run of this kind, latent dimension and name: `dataset`,
/// as the run recorded them if it did.
Dataset open_data_to_resume(const std::string& dataset, const std::string& kind,
                            std::int64_t latent_dim, const std::string& name, const Common& common);

}  // namespace hourglass::cli
