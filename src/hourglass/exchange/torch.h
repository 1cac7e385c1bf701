// Imports parameters from PyTorch or safetensors files as a checkpoint, and exports a checkpoint's
// parameters as files that PyTorch reads. Not the formats: see interop/.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hourglass/models/checkpoint_file.h"
#include "hourglass/tensor/image_size.h"

namespace hourglass {

/// The data set name of an imported checkpoint for which none was given.
inline constexpr std::string_view kImportedDataset = "imported";

/// A model from other programs' files.
struct Import {
  Checkpoint checkpoint;
  std::vector<std::string> left_out;  // names of arrays that are not the model's, as in the files
};

/// A checkpoint of the parameters in one or two files, .safetensors or written by torch.save. Two
/// files hold an encoder and a decoder in either order; one file holds both, with `encoder.` and
/// `decoder.` before the names. Names of wrappers before these (`module.`, `state_dict.model.`) are
/// removed. Of several dictionaries, those that together have all parameters of a model are taken;
/// an optimiser's state, counters and other models beside them are left out. float16, bfloat16 and
/// float64 become float32. The model is recognised from names and shapes; images are assumed to be
/// square unless image_size is given. Metadata of .safetensors files that are not hourglass's are
/// kept. Throws Error in one line with the file and the array that does not fit: missing, of a
/// wrong shape (both are named), of integers, not finite, repeated, or of no such model; and if
/// there are several complete models.
Import import_checkpoint(std::span<const std::filesystem::path> files,
                         std::optional<ImageSize> image_size);

/// The same for files in memory.
struct ParameterFile {
  std::filesystem::path path;  // for messages
  NamedArrays content;
};
Import import_parameters(std::vector<ParameterFile> files, std::optional<ImageSize> image_size);

/// What users of exported parameters have to do themselves if the model pads its images: a line
/// with the call of PyTorch. Empty if it does not.
std::string padding_note(const Model& model);

/// Writes FOLDER/PART_DATASET_D.pth for each part in the parameters' names (encoder, decoder):
/// state dicts for torch.load and load_state_dict with strict=True. Returns the paths. Throws Error
/// if a file cannot be written.
std::vector<std::filesystem::path> export_torch(const Checkpoint& checkpoint,
                                                const std::filesystem::path& folder);

}  // namespace hourglass
