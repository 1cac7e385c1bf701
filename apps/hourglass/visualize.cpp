// hourglass visualize: the figures of a trained model.

#include <filesystem>
#include <memory>

#include "common.h"
#include "figure_folder.h"
#include "gallery.h"
#include "loss_figure.h"
#include "train/run.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct VisualizeFlags {
  Common common;
  std::string checkpoint;
  std::string dataset;
  std::vector<std::string> only;
  std::vector<std::string> formats{"png"};
  std::string interpolate;
};

/// Where a checkpoint's figures go: those of mnist_32_NAME beside those of its run, in
/// visu/mnist_autoencoder_NAME; mnist_32.best in visu/mnist_autoencoder_best.
fs::path figures_folder(const std::string& stem, const Checkpoint& checkpoint,
                        const std::string& dataset, const fs::path& out) {
  const std::string run =
      fmt::format("{}_{}", checkpoint.facts.dataset, checkpoint.model->latent_dim());
  std::string suffix = stem.starts_with(run) ? stem.substr(run.size()) : "_" + stem;
  for (char& c : suffix) {
    if (c == '.') c = '_';
  }
  return out / "visu" / fmt::format("{}_autoencoder{}", dataset, suffix);
}

int visualize(const VisualizeFlags& flags) {
  const auto kinds =
      flags.only.empty()
          ? std::vector<FigureKind>(kFigureKinds.begin(), kFigureKinds.end())
          : as_call_error(
                [&] { return parse_figure_kinds(fmt::format("{}", fmt::join(flags.only, ","))); });
  const auto formats = as_call_error(
      [&] { return parse_figure_formats(fmt::format("{}", fmt::join(flags.formats, ","))); });
  ThreadPool pool(make_pool(flags.common));
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
  const ImagePair pair = as_call_error([&] { return parse_pair(flags.interpolate, data); });
  const std::string stem = checkpoint_stem(path);
  const fs::path folder = figures_folder(stem, checkpoint, data.name, flags.common.out);
  FigureFolder(folder,
               {stem, std::string(checkpoint.model->kind()), data.name, data.sha256,
                checkpoint.model->latent_dim(), checkpoint.facts.seed},
               FigureFolder::Owner::as_recorded)
      .open();
  Gallery gallery{*checkpoint.model, data, checkpoint.facts, folder, formats, pool};
  std::vector<fs::path> written = draw_figures(gallery, kinds, pair, flags.common.quiet);
  if (flags.only.empty()) {
    RunPaths paths;
    paths.metrics = path.parent_path() / (stem + ".metrics.jsonl");
    paths.figures = folder;
    const auto drawn =
        draw_loss(paths, data, *checkpoint.model, checkpoint.facts.seed, pool, formats);
    written.insert(written.end(), drawn.begin(), drawn.end());
  }
  print_written(written,
                with_places(fmt::format("hourglass eval {}", checkpoint_name(path)), flags.common,
                            flags.dataset),
                flags.common);
  return kDone;
}

}  // namespace

Action add_visualize(CLI::App& app) {
  const auto flags = std::make_shared<VisualizeFlags>();
  optional_argument(app, flags->checkpoint, "CHECKPOINT",
                    "a path or a short name such as mnist_32; the newest when left out");
  flag_group(app, "Figures");
  list_flag(app, flags->only,
            {"--only", "LIST", "some of recon,pca,umap,interp,noise; all when left out", ""});
  list_flag(app, flags->formats, {"--format", "LIST", "some of png,svg,pdf", "png"});
  text_flag(
      app, flags->interpolate,
      {"--interpolate", "A:B", "classes by name or label, or test images as #17:#245", "2:5"});
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] { return visualize(*flags); };
}

}  // namespace hourglass::cli
