// hourglass visualize: the figures of a trained model.

#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "checkpoint_figures.h"
#include "common.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/lab/film.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/loss_figure.h"
#include "hourglass/train/metrics_log.h"
#include "hourglass/train/run_paths.h"
#include "hourglass/train/trainer.h"
#include "output.h"
#include "run_data.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

struct VisualizeFlags {
  Common common;
  bool json = false;
  std::string checkpoint;
  std::string dataset;
  std::vector<std::string> only;
  std::vector<std::string> formats{"png"};
  std::string interpolate;
  bool film = false;
};

/// Makes the film of the run's maps.
fs::path film_of(const FigureFolder& figures, const Checkpoint& checkpoint,
                 const std::string& dataset, const std::vector<std::string>& class_names,
                 const Common& common) {
  const FilmFacts facts{"Latent vectors of the test images, by UMAP",
                        fmt::format("{} · {} · d {} · seed {}", checkpoint.model->kind(), dataset,
                                    checkpoint.model->latent_dim(), checkpoint.facts.seed),
                        class_names, checkpoint.facts.seed};
  return make_film(figures, facts, *make_progress("film", common.quiet));
}

int visualize(const VisualizeFlags& flags) {
  const auto kinds = flags.only.empty()
                         ? std::vector<FigureKind>(kFigureKinds.begin(), kFigureKinds.end())
                         : parse_figure_kinds(fmt::format("{}", fmt::join(flags.only, ",")));
  const auto formats = parse_figure_formats(fmt::format("{}", fmt::join(flags.formats, ",")));
  ThreadPool pool(make_pool(flags.common));
  const fs::path path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  // The film alone needs no images, only the maps in the folder.
  const bool figures = !flags.film || !flags.only.empty();
  CheckpointFacts facts = checkpoint.facts;
  std::optional<Dataset> data;
  if (figures || !flags.dataset.empty()) {
    data = open_data_for(checkpoint, flags.dataset, flags.common);
  }
  if (data && std::isnan(facts.test_mse)) {
    facts.test_mse = checkpoint.model->evaluate(data->test, pool).scores.mse;
  }
  const std::string dataset = data ? data->name : facts.dataset;
  const FigureFolder folder = figures_of(
      path, checkpoint, dataset, data ? data->sha256 : facts.dataset_sha256, flags.common.out);
  std::vector<fs::path> written;
  if (figures) {
    const ImagePair pair = parse_pair(flags.interpolate, *data);
    Gallery gallery{*checkpoint.model, *data, facts, folder, formats, pool};
    written = draw_figures(gallery, kinds, pair, flags.common.quiet);
  }
  if (figures && flags.only.empty()) {
    const auto log = read_metrics(run_of(path).metrics);
    if (!log.empty()) {
      const Baselines baselines = measure_baselines(*data, checkpoint.model->latent_dim(), pool);
      const auto drawn =
          draw_loss(folder, log, *data, *checkpoint.model, facts.seed, baselines, formats);
      written.insert(written.end(), drawn.begin(), drawn.end());
    }
  }
  if (flags.film) {
    const auto& names = data ? data->class_names : facts.class_names;
    written.push_back(film_of(folder, checkpoint, dataset, names, flags.common));
  }
  if (flags.json) {
    print_result({{"checkpoint", path.string()}, {"epoch", facts.epochs}}, written);
    return kDone;
  }
  print_written(written,
                with_data(fmt::format("hourglass encode {} -o Z.npy", checkpoint_name(path)),
                          checkpoint, flags.common, flags.dataset),
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
  switch_flag(app, flags->film, "--film",
              "join the UMAP maps of the run's epochs into umap/RUN_film.png, an animated PNG; "
              "draws no other figure unless --only names some");
  json_flag(app, flags->json);
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] {
    if (flags->json) flags->common.quiet = true;
    return visualize(*flags);
  };
}

}  // namespace hourglass::cli
