#include "hourglass/lab/baselines.h"

#include <algorithm>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/models/apply.h"
#include "hourglass/project/pca.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

/// Bytes are added unscaled: their sums are integers and exact.
Tensor mean_image(const RowSource& images) {
  const auto pixels = static_cast<std::size_t>(images.columns());
  std::vector<double> sums(pixels);
  std::vector<std::uint8_t> bytes(pixels);
  std::vector<float> values(pixels);
  for (std::int64_t i = 0; i < images.count(); ++i) {
    if (images.keeps_bytes()) {
      images.fill_bytes(i, bytes);
      for (std::size_t p = 0; p < pixels; ++p) sums[p] += bytes[p];
    } else {
      images.fill(i, values);
      for (std::size_t p = 0; p < pixels; ++p) sums[p] += 255.0 * values[p];
    }
  }
  Tensor mean({images.columns()});
  const double scale = 255.0 * static_cast<double>(images.count());
  std::ranges::transform(sums, mean.data(),
                         [&](double sum) { return static_cast<float>(sum / scale); });
  return mean;
}

}  // namespace

Baselines measure_baselines(const RowSource& fitted, const RowSource& measured,
                            const ImageShape& shape, std::int64_t latent_dim, ThreadPool& pool) {
  require_pixels("eval", shape);
  require(latent_dim >= 1, "eval", "latent_dim", latent_dim, "must be at least 1");
  const std::int64_t pixels = shape.pixels();
  Baselines result;
  std::optional<Pca> pca;
  if (fitted.count() >= 2) {
    result.components = std::min({latent_dim, pixels, fitted.count()});
    // The covariance of larger images takes longer than training on them.
    pca = fit_pca(fitted, static_cast<int>(result.components), pool, {.most_exact_columns = 4096});
    result.all_equal = pca->no_variance();
  }
  const Tensor mean = mean_image(fitted);

  ReconstructionMeter by_pca(shape), by_mean(shape);
  for (std::int64_t begin = 0; begin < measured.count(); begin += kReconstructBlock) {
    const std::int64_t end = std::min(begin + kReconstructBlock, measured.count());
    Tensor originals({end - begin, pixels}), means({end - begin, pixels});
    measured.fill_rows(begin, end, originals);
    for (std::int64_t i = 0; i < means.size(0); ++i) {
      std::ranges::copy(mean.span(), means.row(i).begin());
    }
    by_mean.add(originals, means, pool);
    if (pca) {
      by_pca.add(originals, pca->inverse_transform(pca->transform(originals, pool), pool), pool);
    }
  }
  if (pca) result.pca = by_pca.scores();
  result.mean_image = by_mean.scores();
  return result;
}

Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool) {
  return measure_baselines(data.train, data.test, data.shape, latent_dim, pool);
}

}  // namespace hourglass
