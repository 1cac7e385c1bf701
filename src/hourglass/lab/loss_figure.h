// loss.png: the error of a run over its epochs, from its metrics log.
#pragma once

#include <filesystem>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/figures/save.h"
#include "hourglass/models/model.h"
#include "hourglass/train/run.h"

namespace hourglass {

/// Draws FOLDER/loss.png (or in other formats) with the error of a PCA of the same dimension,
/// fitted on data.train, and saves loss.npz beside it. Returns the paths written: none if the log
/// has no epoch.
std::vector<std::filesystem::path> draw_loss(
    const RunPaths& paths, const Dataset& data, const Model& model, std::uint64_t seed,
    ThreadPool& pool, const std::vector<FigureFormat>& formats = {FigureFormat::png});

}  // namespace hourglass
