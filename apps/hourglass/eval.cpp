// hourglass eval: measures a trained model beside baselines.

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/data/catalogue.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/lab/evaluation.h"
#include "output.h"
#include "run_data.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct EvalFlags {
  Common common;
  std::string checkpoint;
  std::string dataset;
  bool json = false;
};

/// The checkpoint, and the copy of its best epoch if one is beside it.
struct Measured {
  Checkpoint last;
  std::filesystem::path path;
  std::optional<Checkpoint> best;
  std::filesystem::path best_path;
};

/// The scores of both on one set of images.
struct SetScores {
  MeasuredSet set;
  ModelScores last;
  std::optional<ModelScores> best;
};

Measured open_measured(const std::filesystem::path& path, const Common& common) {
  Measured m{load_checkpoint(path), path, {}, best_beside(path).value_or("")};
  if (m.best_path.empty()) return m;
  try {
    m.best = load_checkpoint(m.best_path);
  } catch (const Error& error) {
    note(common, fmt::format("the best epoch is left out: {}", error.reason()));
    return m;
  }
  if (m.best->model->describe() == m.last.model->describe() &&
      m.best->facts.dataset_sha256 == m.last.facts.dataset_sha256) {
    return m;
  }
  note(common,
       fmt::format("the best epoch is left out: {} is of another run", m.best_path.string()));
  m.best.reset();
  return m;
}

/// Whether the model was trained on this data set or on a copy of it. Of an imported model that is
/// not known: the data sets of the catalogue have test images that nobody trains on.
bool was_trained_on(const CheckpointFacts& facts, const Dataset& data) {
  if (facts.dataset == kImportedDataset) {
    const auto known = known_datasets();
    return std::ranges::find(known, data.name) != known.end();
  }
  return data.sha256 == facts.dataset_sha256 || data.name == facts.dataset;
}

/// The sets of images that are measured, each by itself; the first is the one of `--json`. `fresh`
/// images were not there when the model was trained.
std::vector<MeasuredSet> sets_of(const CheckpointFacts& facts, const Dataset& data,
                                 const RowSource& fresh) {
  if (!was_trained_on(facts, data)) return {all_images_of(data)};
  std::vector<MeasuredSet> sets{test_images_of(data)};
  if (fresh.count() > 0) {
    sets.push_back(sets.front());
    sets.back().name = "new";
    sets.back().images = fresh;
  }
  return sets;
}

std::string heading(const MeasuredSet& set, const CheckpointFacts& facts) {
  const std::int64_t n = set.images.count();
  if (!set.own_reference) {
    return fmt::format("{} {} image{} of {}", n, set.name, n == 1 ? "" : "s", set.dataset);
  }
  return fmt::format("all {} images of {}: the model {}", n, set.dataset,
                     facts.dataset == kImportedDataset
                         ? std::string("does not say what it was trained on")
                         : fmt::format("was trained on {}", facts.dataset));
}

void print_row(const std::string& name, const ReconstructionScores& scores) {
  const std::string ssim = std::isnan(scores.ssim) ? "-" : fmt::format("{:.4f}", scores.ssim);
  say("  {:<24}{:>9.5f}{:>9.2f} dB{:>9}\n", name, scores.mse, scores.psnr, ssim);
}

/// What the model is measured by beside the table's columns.
void print_further(const std::vector<Score>& metrics, std::string_view suffix) {
  for (const Score& score : metrics) {
    if (score.name == "mse" || score.name == "psnr" || score.name == "ssim") continue;
    say("  {:<24}{:>9.5f}\n", fmt::format("{}{}", score.name, suffix), score.value);
  }
}

void print_reconstruction(const SetScores& s, const Measured& m) {
  const std::string model = fmt::format("{}, d {}", m.last.model->kind(), s.last.latent_dim);
  const std::int64_t epoch = m.best ? m.best->facts.epochs : 0;
  const std::string best =
      epoch > 0 ? fmt::format("{}, best ({})", model, epoch) : model + ", best";
  say("  {:<24}{:>9}{:>12}{:>9}\n", "reconstruction", "MSE", "PSNR", "SSIM");
  print_row(s.best ? model + ", last epoch" : model, s.last.model.scores);
  if (s.best) print_row(best, s.best->model.scores);
  const Baselines& b = s.last.baselines;
  if (b.pca) print_row(fmt::format("linear PCA, k {}", b.components), *b.pca);
  print_row("mean image", b.mean_image);
  const std::string_view what = s.set.own_reference ? "images" : "training images";
  if (!b.pca) say("  (no PCA: it is fitted on at least 2 {})\n", what);
  if (b.all_equal) say("  (all {} are equal: PCA is their mean)\n", what);
  if (s.set.own_reference) say("  (PCA and the mean are fitted to these images)\n");
  print_further(s.last.model.metrics, s.best ? ", last epoch" : "");
  if (s.best) print_further(s.best->model.metrics, ", best");
}

void print_latents(const SetScores& s) {
  const std::string_view images = s.set.own_reference ? "" : "test ";
  if (s.last.knn_accuracy) {
    say("  {:<24}{:>9.4f}  of {}latents are classified correctly by\n  {:<24}{:>9}  their {} "
        "nearest {} latents\n",
        fmt::format("{}-NN accuracy", s.last.neighbours), *s.last.knn_accuracy, images, "", "",
        s.last.neighbours, s.set.own_reference ? "other" : "training");
    if (s.best && s.best->knn_accuracy) {
      say("  {:<24}{:>9.4f}\n", "of the best epoch", *s.best->knn_accuracy);
    }
  }
  const auto print_norms = [](std::string_view name, const Norms& norms) {
    const std::string deviation =
        std::isnan(norms.deviation) ? "" : fmt::format("  ± {:.2f}", norms.deviation);
    say("  {:<24}{:>9.2f}{}\n", name, norms.mean, deviation);
  };
  print_norms("norm of a latent vector", s.last.latent_norms);
  print_norms("norm of N(0, I)", s.last.noise_norms);
}

/// The object of the first set, with the best epoch's and those of further sets.
nlohmann::ordered_json json_of(const std::vector<SetScores>& all, const Measured& m) {
  const std::string last = sha256_hex(read_file(m.path));
  const std::string best = m.best ? sha256_hex(read_file(m.best_path)) : "";
  const auto object = [&](const SetScores& s) {
    nlohmann::ordered_json out = to_json(s.last, last);
    out["measured"] = s.set.name;
    if (s.best) {
      out["best"] = to_json(*s.best, best);
      if (m.best->facts.epochs >= 0) out["best"]["epochs"] = m.best->facts.epochs;
    }
    return out;
  };
  nlohmann::ordered_json out = object(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) out["sets"][all[i].set.name] = object(all[i]);
  return out;
}

int eval(const EvalFlags& flags) {
  ThreadPool pool(make_pool(flags.common));
  const auto path = find_checkpoint(flags.checkpoint, flags.common);
  const Measured m = open_measured(path, flags.common);
  RowSource fresh;
  const Dataset data = open_data_for(m.last, flags.dataset, flags.common, &fresh);
  std::vector<SetScores> all;
  for (MeasuredSet& set : sets_of(m.last.facts, data, fresh)) {
    const Model& model = *m.last.model;
    const Baselines baselines = baselines_of(set, data.shape, model.latent_dim(), pool);
    SetScores scores{std::move(set), {}, {}};
    scores.last = evaluate_model(model, scores.set, baselines, pool);
    if (m.best) scores.best = evaluate_model(*m.best->model, scores.set, baselines, pool);
    all.push_back(std::move(scores));
  }
  if (flags.json) {
    print_json(json_of(all, m));
    return kDone;
  }
  for (const SetScores& s : all) {
    say("\n{}\n\n", heading(s.set, m.last.facts));
    print_reconstruction(s, m);
    say("\n");
    print_latents(s);
  }
  print_written({},
                with_data(fmt::format("hourglass visualize {}", checkpoint_name(path)), m.last,
                          flags.common, flags.dataset),
                flags.common);
  return kDone;
}

}  // namespace

Action add_eval(CLI::App& app) {
  const auto flags = std::make_shared<EvalFlags>();
  optional_argument(app, flags->checkpoint, "CHECKPOINT",
                    "a path or a short name such as mnist_32; the newest when left out");
  switch_flag(app, flags->json, "--json", "print one JSON object and nothing else");
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] { return eval(*flags); };
}

}  // namespace hourglass::cli
