// Reconstruction error: mse, psnr and ssim, as defined once for the whole project.
// Not a loss: nothing here has a gradient.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Means over images. Pixels must be in [0, 1].
struct ReconstructionScores {
  double mse = 0;   // mean squared error per pixel
  double psnr = 0;  // decibels: mean over images of 10 log10(1 / mse), mse floored at 1e-10
  double ssim = 0;  // structural similarity; NaN if a side is shorter than the window of 11
  std::int64_t images = 0;
};

/// Measures images that arrive in blocks. The scores depend on the images and their order only, not
/// on the blocks or the number of threads.
class ReconstructionMeter {
 public:
  /// Throws Error for a shape without pixels.
  explicit ReconstructionMeter(ImageShape shape);

  /// originals and reconstructions [n, height * width * channels], channels last. Throws Error
  /// if their shapes do not match each other or the image shape.
  void add(ConstView originals, ConstView reconstructions, ThreadPool& pool);

  ReconstructionScores scores() const;                    ///< All zero before the first image.
  std::vector<double> image_mse() const { return mse_; }  ///< [images], in order of arrival.

 private:
  ImageShape shape_;
  std::vector<double> mse_;
  std::vector<double> ssim_;
};

/// The same in one call.
ReconstructionScores measure_reconstruction(ConstView originals, ConstView reconstructions,
                                            const ImageShape& shape, ThreadPool& pool);

/// 10 log10(1 / max(mse, 1e-10)), in decibels.
double psnr_of_mse(double mse);

/// Mean squared error of two images of `count` values, summed in double.
double image_mse(const float* a, const float* b, std::int64_t count);

}  // namespace hourglass
