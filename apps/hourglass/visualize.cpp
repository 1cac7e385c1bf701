// hourglass visualize: the figures of a trained model.

#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "common.h"
#include "hourglass/lab/figure_folder.h"
#include "hourglass/lab/film.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/loss_figure.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/run.h"
#include "hourglass/train/trainer.h"
#include "terminal.h"
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
  bool film = false;
};

/// The folder of a checkpoint's figures: those of mnist_32_NAME lie beside those of its run, in
/// visu/mnist_autoencoder_NAME; mnist_32.best in visu/mnist_autoencoder_best.
fs::path figures_folder(const std::string& stem, const Checkpoint& checkpoint,
                        const std::string& dataset, const fs::path& out) {
  const ModelKind& kind = model_kind(checkpoint.model->kind());
  const std::string run =
      run_stem(kind, checkpoint.facts.dataset, checkpoint.model->config().latent_dim);
  std::string suffix = stem.starts_with(run) ? stem.substr(run.size()) : "_" + stem;
  for (char& c : suffix) {
    if (c == '.') c = '_';
  }
  return out / "visu" / fmt::format("{}_{}{}", dataset, kind.folder, suffix);
}

/// Makes the film of the maps in the folder, which have to be maps of `owner`.
fs::path film_of(const fs::path& folder, const FigureOwner& owner,
                 const std::vector<std::string>& class_names, const Common& common) {
  const FigureFolder figures(folder, owner, FigureFolder::Owner::as_recorded);
  if (fs::exists(figures.facts_path()) && !figures.is_ours()) {
    fail("film", "the figures in {} are of another run: draw this one's with hourglass visualize",
         folder.string());
  }
  const FilmFacts facts{"Latent vectors of the test images, by UMAP",
                        fmt::format("{} · {} · d {} · seed {}", owner.model, owner.dataset,
                                    owner.latent_dim, owner.seed),
                        class_names, owner.seed};
  return make_film(folder / name_of(FigureKind::umap), facts, *make_progress("film", common.quiet));
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
  const std::string stem = checkpoint_stem(path);
  const FigureOwner owner{stem,
                          std::string(checkpoint.model->kind()),
                          data ? data->name : facts.dataset,
                          data ? data->sha256 : facts.dataset_sha256,
                          checkpoint.model->latent_dim(),
                          facts.seed};
  const fs::path folder = figures_folder(stem, checkpoint, owner.dataset, flags.common.out);
  std::vector<fs::path> written;
  FigureFolder figure_folder(folder, owner, FigureFolder::Owner::as_recorded);
  if (figures) {
    const ImagePair pair = as_call_error([&] { return parse_pair(flags.interpolate, *data); });
    figure_folder.open();
    Gallery gallery{*checkpoint.model, *data, facts, folder, formats, pool};
    written = draw_figures(gallery, kinds, pair, flags.common.quiet);
  }
  if (figures && flags.only.empty()) {
    RunPaths paths;
    paths.metrics = path.parent_path() / (stem + ".metrics.jsonl");
    paths.figures = folder;
    const auto drawn = draw_loss(paths, *data, *checkpoint.model, facts.seed, pool, formats);
    written.insert(written.end(), drawn.begin(), drawn.end());
  }
  if (flags.film) {
    const auto& names = data ? data->class_names : facts.class_names;
    written.push_back(film_of(folder, owner, names, flags.common));
  }
  print_written(written,
                with_data(fmt::format("hourglass eval {}", checkpoint_name(path)), checkpoint,
                          flags.common, flags.dataset),
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
              "join the UMAP maps of the run's epochs into umap/film.png, an animated PNG; "
              "draws no other figure unless --only names some");
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] { return visualize(*flags); };
}

}  // namespace hourglass::cli
