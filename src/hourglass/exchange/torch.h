// Models of other programs: parameters that PyTorch or safetensors files hold, as a checkpoint; and
// a checkpoint's parameters as files that PyTorch reads. Not the formats: see interop/.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "hourglass/data/resize.h"
#include "hourglass/models/checkpoint_file.h"

namespace hourglass {

/// The dataset that an imported checkpoint names until somebody says which it was.
inline constexpr std::string_view kImportedDataset = "imported";

/// A checkpoint of the parameters in one or two files, .safetensors or as torch.save writes them.
/// Two hold an encoder and a decoder in either order, one holds both, with `encoder.` and
/// `decoder.` before the names; what wrappers put there too (`module.`, `model.`) is left out.
/// float16, bfloat16 and float64 become float32. The model is told from names and shapes; images
/// are taken to be square unless image_size says otherwise. Metadata of .safetensors files that are
/// not hourglass's are kept. Throws Error in one line naming the file and what does not fit: an
/// array that is missing, of another shape (both are named), of whole numbers, not finite, there
/// twice or of no such model.
Checkpoint import_checkpoint(std::span<const std::filesystem::path> files,
                             std::optional<ImageSize> image_size);

/// The same of files that have been read.
struct ParameterFile {
  std::filesystem::path path;  // for messages
  SafetensorsFile content;
};
Checkpoint import_parameters(std::vector<ParameterFile> files, std::optional<ImageSize> image_size);

/// Writes FOLDER/PART_DATASET_D.pth for each part of the model that its parameters name, as encoder
/// and decoder: state dicts that torch.load reads and load_state_dict takes with strict=True.
/// Returns their paths. Throws Error if one cannot be written.
std::vector<std::filesystem::path> export_torch(const Checkpoint& checkpoint,
                                                const std::filesystem::path& folder);

}  // namespace hourglass
