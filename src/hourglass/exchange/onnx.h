// Exports trained models as ONNX files, for ONNX Runtime and other programs. Does not import ONNX.
#pragma once

#include <filesystem>
#include <vector>

#include "hourglass/models/checkpoint_file.h"

namespace hourglass {

/// Writes FOLDER/encoder_DATASET_D.onnx (`images` [N, C, H, W] to `latents` [N, d]),
/// decoder_DATASET_D.onnx (`latents` to `images`) and autoencoder_DATASET_D.onnx (`images` to
/// `latents` and `reconstructions`), of opset 17, any N. The same model gives the same bytes.
/// Returns their paths. Throws Error if one cannot be written.
std::vector<std::filesystem::path> export_onnx(const Checkpoint& checkpoint,
                                               const std::filesystem::path& folder);

}  // namespace hourglass
