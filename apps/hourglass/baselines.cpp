#include "baselines.h"

#include <algorithm>

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

}  // namespace

Baselines measure_baselines(const Dataset& data, std::int64_t latent_dim, ThreadPool& pool) {
  const std::int64_t pixels = data.shape.pixels();
  Baselines result;
  result.components = std::min({latent_dim, pixels, data.train.count()});
  const Pca pca = fit_pca([&](std::int64_t begin, std::int64_t end,
                              View out) { fill_rows(data.train, begin, end, out); },
                          data.train.count(), pixels, static_cast<int>(result.components), pool);

  ReconstructionMeter by_pca(data.shape), by_mean(data.shape);
  for (std::int64_t begin = 0; begin < data.test.count(); begin += kReconstructBlock) {
    const std::int64_t end = std::min(begin + kReconstructBlock, data.test.count());
    Tensor originals({end - begin, pixels}), means({end - begin, pixels});
    fill_rows(data.test, begin, end, originals);
    for (std::int64_t i = 0; i < means.size(0); ++i) {
      std::ranges::copy(pca.mean.span(), means.row(i).begin());
    }
    by_pca.add(originals, pca.inverse_transform(pca.transform(originals, pool), pool), pool);
    by_mean.add(originals, means, pool);
  }
  result.pca = by_pca.scores();
  result.mean_image = by_mean.scores();
  return result;
}

}  // namespace hourglass
