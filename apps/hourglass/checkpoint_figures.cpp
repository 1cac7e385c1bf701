#include "checkpoint_figures.h"

#include <fmt/format.h>

#include "hourglass/models/registry.h"
#include "hourglass/train/run_paths.h"

namespace hourglass::cli {

namespace fs = std::filesystem;

FigureFolder figures_of(const fs::path& path, const Checkpoint& checkpoint,
                        const std::string& dataset, const std::string& sha256,
                        const fs::path& out) {
  const ModelKind& kind = model_kind(checkpoint.model->kind());
  const CheckpointFacts& facts = checkpoint.facts;
  const std::string stem = checkpoint_stem(path);
  FigureFolder figures{out / "visu" / fmt::format("{}_{}", dataset, kind.folder), stem};
  std::error_code error;
  const fs::path here = out / "models" / kind.name / path.filename();
  if (fs::exists(here, error) && !fs::equivalent(here, path, error)) {
    figures.run += "_" + weights_sha256(*checkpoint.model).substr(0, 8);
  }
  if (dataset == facts.dataset && sha256 != facts.dataset_sha256) {
    figures.run += "_on_" + sha256.substr(0, 8);
  }
  const std::string run = run_stem(kind, facts.dataset, checkpoint.model->latent_dim());
  figures.older =
      older_figures(figures.folder, stem.starts_with(run) ? stem.substr(run.size()) : "_" + stem,
                    {stem, kind.name, dataset, sha256, checkpoint.model->latent_dim(), facts.seed});
  return figures;
}

}  // namespace hourglass::cli
