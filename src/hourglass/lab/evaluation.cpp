#include "hourglass/lab/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/generate/samplers.h"
#include "hourglass/lab/joined_rows.h"
#include "hourglass/measure/knn_accuracy.h"
#include "hourglass/models/apply.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

Norms norms_of(ConstView vectors) {
  require_matrix("eval", "vectors", vectors);
  Norms result;
  double squares = 0;
  const auto n = static_cast<double>(vectors.size(0));
  for (std::int64_t i = 0; i < vectors.size(0); ++i) {
    double square = 0;
    for (const float x : vectors.row(i)) square += static_cast<double>(x) * static_cast<double>(x);
    result.mean += std::sqrt(square) / n;
    squares += square / n;
  }
  result.deviation = vectors.size(0) == 1
                         ? std::numeric_limits<double>::quiet_NaN()
                         : std::sqrt(std::max(0.0, squares - result.mean * result.mean));
  return result;
}

MeasuredSet test_images_of(const Dataset& data) {
  return {"test", data.name, data.test, data.train, false};
}

MeasuredSet all_images_of(const Dataset& data) {
  const RowSource all = joined_rows(data.train, data.test);
  return {"all", data.name, all, all, true};
}

Baselines baselines_of(const MeasuredSet& set, const ImageShape& shape, std::int64_t latent_dim,
                       ThreadPool& pool) {
  return measure_baselines(set.reference, set.images, shape, latent_dim, pool);
}

ModelScores evaluate_model(const Model& model, const MeasuredSet& set, const Baselines& baselines,
                           ThreadPool& pool) {
  ModelScores out;
  out.model = model.evaluate(set.images, pool);
  if (!std::isfinite(out.model.scores.mse)) {
    fail_result(
        "eval",
        "the error of this {} with latent dimension {} is no number, because its weights are too "
        "large; take an earlier checkpoint, or train with a smaller `learning_rate`",
        model.kind(), model.latent_dim());
  }
  out.baselines = baselines;
  const Tensor latents = encode(model, set.images, pool);
  const std::span<const std::int64_t> labels = set.images.labels(), known = set.reference.labels();
  const std::int64_t voters = set.reference.count() - (set.own_reference ? 1 : 0);
  out.neighbours = static_cast<int>(std::min<std::int64_t>(10, voters));
  if (labels.empty() || known.empty() || out.neighbours < 1) {
    // Nothing votes.
  } else if (set.own_reference && votes_can_decide(labels, out.neighbours)) {
    out.knn_accuracy = leave_one_out_knn_accuracy(latents, labels, pool, out.neighbours);
  } else if (!set.own_reference && votes_can_decide(known, labels, out.neighbours)) {
    const Tensor reference = encode(model, set.reference, pool);
    out.knn_accuracy = knn_accuracy(reference, known, latents, labels, pool, out.neighbours);
  }
  out.latent_norms = norms_of(latents);
  Rng rng(0, 0);  // the same for all runs: the norms depend on the dimension alone
  out.noise_norms = norms_of(sample_standard_normal(10000, model.latent_dim(), rng));
  out.dataset = set.dataset;
  out.images = set.images.count();
  out.latent_dim = model.latent_dim();
  return out;
}

ModelScores evaluate_model(const Model& model, const Dataset& data, ThreadPool& pool) {
  const MeasuredSet set = test_images_of(data);
  return evaluate_model(model, set, baselines_of(set, data.shape, model.latent_dim(), pool), pool);
}

nlohmann::ordered_json to_json(const ModelScores& scores, const std::string& checkpoint_sha256) {
  nlohmann::ordered_json out;
  const auto add = [&](const std::string& prefix, const ReconstructionScores& s) {
    out[prefix + "mse"] = s.mse;
    out[prefix + "psnr"] = s.psnr;
    out[prefix + "ssim"] = s.ssim;
  };
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // null in JSON
  add("", scores.model.scores);
  for (const Score& score : scores.model.metrics) out[score.name] = score.value;
  add("pca_", scores.baselines.pca.value_or(ReconstructionScores{kNone, kNone, kNone, 0}));
  add("mean_image_", scores.baselines.mean_image);
  out["latent_knn_accuracy"] = scores.knn_accuracy.value_or(kNone);
  out["latent_norm_mean"] = scores.latent_norms.mean;
  out["latent_norm_std"] = scores.latent_norms.deviation;
  out["noise_norm_mean"] = scores.noise_norms.mean;
  out["noise_norm_std"] = scores.noise_norms.deviation;
  out["images"] = scores.images;
  out["dataset"] = scores.dataset;
  out["latent_dim"] = scores.latent_dim;
  out["checkpoint_sha256"] = checkpoint_sha256;
  return out;
}

}  // namespace hourglass
