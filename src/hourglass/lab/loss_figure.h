// loss/RUN.png: the error of a run over its epochs, from its metrics log.
#pragma once

#include <filesystem>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/data/dataset.h"
#include "hourglass/figures/save.h"
#include "hourglass/lab/baselines.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/models/model.h"
#include "hourglass/train/trainer.h"

namespace hourglass {

/// Draws folder.loss("png") (or in other formats) from the lines of a run's log with the error of a
/// PCA of the same dimension, and saves its data as .npz beside it. Returns the paths written: none
/// if the log has no epoch.
std::vector<std::filesystem::path> draw_loss(
    const FigureFolder& folder, const std::vector<EpochResult>& log, const Dataset& data,
    const Model& model, std::uint64_t seed, const Baselines& baselines,
    const std::vector<FigureFormat>& formats = {FigureFormat::png});

}  // namespace hourglass
