// The evaluation of a model by its reconstructions; the default of Model::evaluate().

#include "hourglass/models/evaluate.h"

#include "hourglass/models/apply.h"

namespace hourglass {
namespace {

ReconstructionScores measured(const Model& model, const RowSource& images, ThreadPool& pool,
                              std::optional<std::uint64_t> corruption_seed) {
  ReconstructionMeter meter(model.image_shape());
  reconstruct(
      model, images, pool,
      [&](const ReconstructedBlock& block) {
        meter.add(block.originals, block.reconstructions, pool);
      },
      corruption_seed);
  return meter.scores();
}

}  // namespace

Evaluation Model::evaluate(const RowSource& images, ThreadPool& pool) const {
  Evaluation result{measured(*this, images, pool, {}), {}};
  const ReconstructionScores& clean = result.scores;
  result.metrics = {{"mse", clean.mse}, {"psnr", clean.psnr}, {"ssim", clean.ssim}};
  if (corruption().kind != Corruption::Kind::none) {
    const ReconstructionScores corrupted = measured(*this, images, pool, kEvaluationSeed);
    result.metrics.push_back({std::string(kCorruptedMse), corrupted.mse});
    result.metrics.push_back({"psnr_corrupted", corrupted.psnr});
    result.metrics.push_back({"ssim_corrupted", corrupted.ssim});
  }
  return result;
}

}  // namespace hourglass
