#include "hourglass/lab/loss_figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/figures/loss.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/stamp.h"

namespace hourglass {

std::vector<std::filesystem::path> draw_loss(const FigureFolder& folder,
                                             const std::vector<EpochResult>& log,
                                             const Dataset& data, const Model& model,
                                             std::uint64_t seed, const Baselines& baselines,
                                             const std::vector<FigureFormat>& formats) {
  if (log.empty()) return {};
  LossFigure figure;
  for (const EpochResult& r : log) {
    figure.epochs.push_back(static_cast<double>(r.epoch));
    figure.train.push_back(r.train_loss);
    figure.test.push_back(r.test_mse);
    if (r.validation_mse) figure.validation.push_back(*r.validation_mse);
  }
  if (figure.validation.size() != log.size()) figure.validation.clear();
  const auto& chosen_by = figure.validation.empty() ? figure.test : figure.validation;
  figure.best = static_cast<std::size_t>(std::ranges::min_element(chosen_by) - chosen_by.begin());
  if (baselines.pca) figure.pca = baselines.pca->mse;
  figure.pca_label = fmt::format("PCA, {} components", baselines.components);
  figure.text.title = "Reconstruction error by epoch";
  figure.text.caption = fmt::format(
      "Mean squared error per pixel, pixels in [0, 1]. Train: mean over the epoch, while the "
      "weights still change; test: {} images, after the epoch.{}",
      data.test.count(),
      baselines.pca ? " Dashed: linear PCA with as many components as the latent dimension." : "");
  CheckpointFacts facts;
  facts.seed = seed;
  facts.epochs = log.back().epoch;
  facts.test_mse = log.back().test_mse;
  figure.text.stamp = stamp_of(model, data.name, facts);

  std::vector<std::filesystem::path> written;
  for (const FigureFormat format : formats) {
    written.push_back(folder.loss(extension_of(format)));
    save_figure(written.back(), figure);
  }
  written.push_back(folder.loss("npz"));
  NpzWriter npz(written.back());
  const auto add = [&](const char* name, const std::vector<double>& values) {
    npz.add(name, std::span<const double>(values), Shape{std::ssize(values)});
  };
  add("epoch", figure.epochs);
  add("train_loss", figure.train);
  add("test_mse", figure.test);
  if (!figure.validation.empty()) add("validation_mse", figure.validation);
  if (figure.pca) add("pca_mse", {*figure.pca});
  npz.commit();
  return written;
}

}  // namespace hourglass
