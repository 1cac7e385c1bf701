#include "hourglass/lab/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "hourglass/base/random.h"
#include "hourglass/generate/samplers.h"
#include "hourglass/lab/latents.h"
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
  result.deviation = std::sqrt(std::max(0.0, squares - result.mean * result.mean));
  return result;
}

ModelScores evaluate_model(const Model& model, const Dataset& data, ThreadPool& pool) {
  ModelScores out;
  out.model = model.evaluate(data.test, pool);
  out.baselines = measure_baselines(data, model.latent_dim(), pool);
  const Tensor train = encode(model, data.train, pool);
  const Tensor test = encode(model, data.test, pool);
  out.neighbours = static_cast<int>(std::min<std::int64_t>(10, data.train.count()));
  if (have_labels(data, {"train", "test"})) {
    out.knn_accuracy =
        knn_accuracy(train, data.train.labels(), test, data.test.labels(), pool, out.neighbours);
  }
  out.latent_norms = norms_of(test);
  Rng rng(0, 0);  // the same for all runs: the norms depend on the dimension alone
  out.noise_norms = norms_of(sample_standard_normal(10000, model.latent_dim(), rng));
  out.dataset = data.name;
  out.images = data.test.count();
  out.latent_dim = model.latent_dim();
  return out;
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
