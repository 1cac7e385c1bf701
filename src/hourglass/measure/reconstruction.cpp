#include "hourglass/measure/reconstruction.h"

#include <algorithm>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/measure/ssim.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {

double psnr_of_mse(double mse) {
  return -10.0 * std::log10(std::max(mse, 1e-10));
}

double image_mse(const float* a, const float* b, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += difference * difference;
  }
  return sum / static_cast<double>(count);
}

ReconstructionMeter::ReconstructionMeter(ImageShape shape) : shape_(shape) {
  require_pixels("measure", shape);
}

void ReconstructionMeter::add(ConstView originals, ConstView reconstructions, ThreadPool& pool) {
  if (originals.shape() != reconstructions.shape()) {
    fail("measure", "the originals have shape {} and the reconstructions {}: they must agree",
         originals.shape().text(), reconstructions.shape().text());
  }
  const std::int64_t pixels = shape_.pixels();
  if (originals.shape().rank() != 2 || originals.size(1) != pixels) {
    fail("measure", "the images have shape {}: rows of {} values are needed for {}",
         originals.shape().text(), pixels, shape_.text());
  }
  const std::size_t before = mse_.size();
  mse_.resize(before + static_cast<std::size_t>(originals.size(0)));
  ssim_.resize(mse_.size());
  parallel_for(pool, originals.size(0), 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::size_t index = before + static_cast<std::size_t>(i);
      const float* a = originals.data() + i * pixels;
      const float* b = reconstructions.data() + i * pixels;
      mse_[index] = hourglass::image_mse(a, b, pixels);
      ssim_[index] = ssim(a, b, shape_);
    }
  });
}

ReconstructionScores ReconstructionMeter::scores() const {
  ReconstructionScores scores;
  scores.images = static_cast<std::int64_t>(mse_.size());
  if (mse_.empty()) return scores;
  for (std::size_t i = 0; i < mse_.size(); ++i) {
    scores.mse += mse_[i];
    scores.psnr += psnr_of_mse(mse_[i]);
    scores.ssim += ssim_[i];
  }
  const auto n = static_cast<double>(scores.images);
  scores.mse /= n;
  scores.psnr /= n;
  scores.ssim /= n;
  return scores;
}

ReconstructionScores measure_reconstruction(ConstView originals, ConstView reconstructions,
                                            const ImageShape& shape, ThreadPool& pool) {
  ReconstructionMeter meter(shape);
  meter.add(originals, reconstructions, pool);
  return meter.scores();
}

}  // namespace hourglass
