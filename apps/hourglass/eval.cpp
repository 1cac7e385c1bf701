// hourglass eval: a trained model measured beside honest baselines.

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "baselines.h"
#include "common.h"
#include "generate/samplers.h"
#include "measure/knn_accuracy.h"
#include "models/apply.h"
#include "train/trainer.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

struct EvalFlags {
  Common common;
  std::string checkpoint;
  std::string dataset;
  bool json = false;
};

struct Lengths {
  double mean = 0, deviation = 0;
};

Lengths lengths(ConstView codes) {
  Lengths result;
  double squares = 0;
  const auto n = static_cast<double>(codes.size(0));
  for (std::int64_t i = 0; i < codes.size(0); ++i) {
    double square = 0;
    for (const float x : codes.row(i)) square += static_cast<double>(x) * static_cast<double>(x);
    result.mean += std::sqrt(square) / n;
    squares += square / n;
  }
  result.deviation = std::sqrt(std::max(0.0, squares - result.mean * result.mean));
  return result;
}

struct Scores {
  ReconstructionScores model;
  Baselines baselines;
  double knn_accuracy = 0;
  int neighbours = 0;
  Lengths codes, noise;
};

Scores measure(const Checkpoint& checkpoint, const Dataset& data, ThreadPool& pool) {
  const Model& model = *checkpoint.model;
  Scores s;
  s.model = evaluate(model, data.test, pool);
  s.baselines = measure_baselines(data, model.latent_dim(), pool);
  const Tensor train = encode(model, data.train.pixels, pool);
  const Tensor test = encode(model, data.test.pixels, pool);
  s.neighbours = static_cast<int>(std::min<std::int64_t>(10, data.train.count()));
  s.knn_accuracy =
      knn_accuracy(train, data.train.labels, test, data.test.labels, pool, s.neighbours);
  s.codes = lengths(test);
  Rng rng(0, 0);  // of no run: the lengths of N(0, I) are a fact of the dimension
  s.noise = lengths(sample_standard_normal(10000, model.latent_dim(), rng));
  return s;
}

void print_json(const Scores& s, const Dataset& data, const Checkpoint& checkpoint,
                const std::string& sha256) {
  nlohmann::ordered_json out;
  // null: ssim of images smaller than its window, and PCA of images too large for it.
  const auto add = [&](const std::string& prefix, const ReconstructionScores& scores) {
    out[prefix + "mse"] = scores.mse;
    out[prefix + "psnr"] = scores.psnr;
    out[prefix + "ssim"] = scores.ssim;
  };
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  add("", s.model);
  add("pca_", s.baselines.pca.value_or(ReconstructionScores{kNone, kNone, kNone, 0}));
  add("mean_image_", s.baselines.mean_image);
  out["latent_knn_accuracy"] = s.knn_accuracy;
  out["latent_norm_mean"] = s.codes.mean;
  out["latent_norm_std"] = s.codes.deviation;
  out["noise_norm_mean"] = s.noise.mean;
  out["noise_norm_std"] = s.noise.deviation;
  out["images"] = data.test.count();
  out["dataset"] = data.name;
  out["latent_dim"] = checkpoint.model->latent_dim();
  out["checkpoint_sha256"] = sha256;
  fmt::print("{}\n", out.dump(2));
}

void print_row(const std::string& name, const ReconstructionScores& scores) {
  const std::string ssim = std::isnan(scores.ssim) ? "-" : fmt::format("{:.4f}", scores.ssim);
  fmt::print("  {:<24}{:>9.5f}{:>9.2f} dB{:>9}\n", name, scores.mse, scores.psnr, ssim);
}

void print_table(const Scores& s, const Dataset& data, const Checkpoint& checkpoint) {
  const std::int64_t d = checkpoint.model->latent_dim();
  fmt::print("\n{} test images of {}\n\n", data.test.count(), data.name);
  fmt::print("  {:<24}{:>9}{:>12}{:>9}\n", "reconstruction", "MSE", "PSNR", "SSIM");
  print_row(fmt::format("{}, d {}", checkpoint.model->kind(), d), s.model);
  if (s.baselines.pca) {
    print_row(fmt::format("linear PCA, k {}", s.baselines.components), *s.baselines.pca);
  }
  print_row("mean image", s.baselines.mean_image);
  if (!s.baselines.pca) {
    fmt::print("  (no PCA: it is fitted on at least 2 training images)\n");
  }
  if (s.baselines.all_equal) fmt::print("  (all training images are equal: PCA is their mean)\n");
  fmt::print(
      "\n  {:<24}{:>9.4f}  of test codes are named rightly by\n  {:<24}{:>9}  their {} nearest "
      "training codes\n",
      "10-NN accuracy", s.knn_accuracy, "", "", s.neighbours);
  fmt::print("  {:<24}{:>9.2f}  ± {:.2f}\n", "length of a code", s.codes.mean, s.codes.deviation);
  fmt::print("  {:<24}{:>9.2f}  ± {:.2f}\n", "length of N(0, I)", s.noise.mean, s.noise.deviation);
}

int eval(const EvalFlags& flags) {
  ThreadPool pool(make_pool(flags.common));
  const auto path = find_checkpoint(flags.checkpoint, flags.common);
  const Checkpoint checkpoint = load_checkpoint(path);
  const Dataset data = open_data_for(checkpoint, flags.dataset, flags.common);
  const Scores scores = measure(checkpoint, data, pool);
  if (flags.json) {
    print_json(scores, data, checkpoint, sha256_hex(read_file(path)));
    return kDone;
  }
  print_table(scores, data, checkpoint);
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
