#include "baselines.h"

#include <algorithm>
#include <vector>

#include "models/apply.h"
#include "project/pca.h"

namespace hourglass {
namespace {

/// Rows [begin, end) of a split's images as floats.
void fill_rows(const Split& split, std::int64_t begin, std::int64_t end, View out) {
  const auto pixels = static_cast<std::size_t>(out.size(1));
  bytes_to_floats(out.span(), std::span(split.pixels)
                                  .subspan(static_cast<std::size_t>(begin) * pixels,
                                           static_cast<std::size_t>(end - begin) * pixels));
}

Tensor mean_image(const Split& split, std::int64_t pixels) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(pixels));
  for (std::int64_t i = 0; i < split.count(); ++i) {
    const std::uint8_t* image = split.pixels.data() + i * pixels;
    for (std::int64_t p = 0; p < pixels; ++p) sums[static_cast<std::size_t>(p)] += image[p];
  }
  Tensor mean({pixels});
  for (std::int64_t p = 0; p < pixels; ++p) {
    mean[p] = static_cast<float>(static_cast<double>(sums[static_cast<std::size_t>(p)]) /
                                 (255.0 * static_cast<double>(split.count())));
  }
  return mean;
}

}  // namespace

Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool) {
  const std::int64_t pixels = data.shape.pixels();
  Baselines result;
  std::optional<Pca> pca;
  if (data.train.count() >= 2) {
    result.components = std::min({latent_dim, pixels, data.train.count()});
    const RowSource images = [&](std::int64_t begin, std::int64_t end, View room) {
      fill_rows(data.train, begin, end, room);
      return ConstView(room);
    };
    // The covariance of larger images takes longer than training on them.
    pca = fit_pca(images, data.train.count(), pixels, static_cast<int>(result.components), pool,
                  {.most_exact_columns = 4096});
    result.all_equal = pca->no_variance();
  }
  const Tensor mean = mean_image(data.train, pixels);

  ReconstructionMeter by_pca(data.shape), by_mean(data.shape);
  for (std::int64_t begin = 0; begin < data.test.count(); begin += kReconstructBlock) {
    const std::int64_t end = std::min(begin + kReconstructBlock, data.test.count());
    Tensor originals({end - begin, pixels}), means({end - begin, pixels});
    fill_rows(data.test, begin, end, originals);
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

}  // namespace hourglass
