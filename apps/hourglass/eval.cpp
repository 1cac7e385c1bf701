// hourglass eval: measures a trained model beside baselines.

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
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

void print_row(const std::string& name, const ReconstructionScores& scores) {
  const std::string ssim = std::isnan(scores.ssim) ? "-" : fmt::format("{:.4f}", scores.ssim);
  say("  {:<24}{:>9.5f}{:>9.2f} dB{:>9}\n", name, scores.mse, scores.psnr, ssim);
}

/// What the model is measured by beside the table's columns.
void print_further(const std::vector<Score>& metrics) {
  for (const Score& score : metrics) {
    if (score.name == "mse" || score.name == "psnr" || score.name == "ssim") continue;
    say("  {:<24}{:>9.5f}\n", score.name, score.value);
  }
}

void print_table(const ModelScores& s, std::string_view kind) {
  say("\n{} test images of {}\n\n", s.images, s.dataset);
  say("  {:<24}{:>9}{:>12}{:>9}\n", "reconstruction", "MSE", "PSNR", "SSIM");
  print_row(fmt::format("{}, d {}", kind, s.latent_dim), s.model.scores);
  if (s.baselines.pca) {
    print_row(fmt::format("linear PCA, k {}", s.baselines.components), *s.baselines.pca);
  }
  print_row("mean image", s.baselines.mean_image);
  if (!s.baselines.pca) {
    say("  (no PCA: it is fitted on at least 2 training images)\n");
  }
  if (s.baselines.all_equal) say("  (all training images are equal: PCA is their mean)\n");
  print_further(s.model.metrics);
  say("\n");
  if (s.knn_accuracy) {
    say("  {:<24}{:>9.4f}  of test latents are classified correctly by\n  {:<24}{:>9}  their {} "
        "nearest training latents\n",
        "10-NN accuracy", *s.knn_accuracy, "", "", s.neighbours);
  }
  say("  {:<24}{:>9.2f}  ± {:.2f}\n", "norm of a latent vector", s.latent_norms.mean,
      s.latent_norms.deviation);
  say("  {:<24}{:>9.2f}  ± {:.2f}\n", "norm of N(0, I)", s.noise_norms.mean,
      s.noise_norms.deviation);
}

int eval(const EvalFlags& flags) {
  ThreadPool pool(make_pool(flags.common));
  const auto path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
  const ModelScores scores = evaluate_model(*checkpoint.model, data, pool);
  if (flags.json) {
    print_json(to_json(scores, sha256_hex(read_file(path))));
    return kDone;
  }
  print_table(scores, checkpoint.model->kind());
  print_written({},
                with_data(fmt::format("hourglass visualize {}", checkpoint_name(path)), checkpoint,
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
