// The line between two images through the latent space.

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/figures/interp.h"
#include "hourglass/generate/interpolate.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/models/apply.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/images.h"

namespace hourglass {
namespace {

constexpr int kSteps = 10;
constexpr int kCurvePoints = 101;
constexpr std::int64_t kUsualSample = 1000;  // test latents in the usual distance to training ones

std::vector<double> nearest_distances(const Gallery& g, ConstView latents, const Tensor& train) {
  const Neighbours nearest = nearest_neighbours(train, latents, 1, g.pool);
  return {nearest.distances.begin(), nearest.distances.end()};
}

/// For models with labels: each step gets the label of the nearer end.
std::vector<std::int64_t> labels_along(std::span<const double> alphas,
                                       std::span<const std::int64_t> of_ends) {
  std::vector<std::int64_t> labels;
  for (const double alpha : alphas) {
    if (!of_ends.empty()) labels.push_back(of_ends[alpha < 0.5 ? 0 : 1]);
  }
  return labels;
}

std::string describe(const Dataset& data, std::int64_t row) {
  if (data.test.labels().empty()) return fmt::format("test image #{}", row);
  const auto label = data.test.labels()[static_cast<std::size_t>(row)];
  return fmt::format("{} (test image #{})", data.class_names[static_cast<std::size_t>(label)], row);
}

}  // namespace

std::vector<std::filesystem::path> draw_interp(Gallery& g, const ImagePair& pair) {
  const std::int64_t rows[] = {pair.first, pair.second};
  const Tensor ends = test_images(g.data, rows);
  const RowSource end_images = g.data.test.selected({pair.first, pair.second});
  const Tensor end_latents = encode(g.model, end_images, g.pool);
  InterpPath path;
  path.alphas = even_alphas(kSteps);
  path.curve_alphas = even_alphas(kCurvePoints);
  const Tensor latents = interpolate(end_latents, path.alphas);
  const Tensor decoded =
      decode(g.model, latents, g.pool, labels_along(path.alphas, end_images.labels()));
  const Tensor crossfade = interpolate(ends, path.alphas);
  path.title = fmt::format("from {} to {}", describe(g.data, rows[0]), describe(g.data, rows[1]));
  path.ends = ends;
  path.decoded = decoded;
  path.crossfade = crossfade;
  path.distances =
      nearest_distances(g, interpolate(end_latents, path.curve_alphas), g.train_latents());

  InterpFigure figure;
  const Tensor& test = g.test_latents();
  std::vector<double> usual = nearest_distances(
      g, test.view().rows(0, std::min(kUsualSample, test.size(0))), g.train_latents());
  const auto middle = usual.begin() + std::ssize(usual) / 2;
  std::ranges::nth_element(usual, middle);
  figure.usual_distance = *middle;
  figure.text.title = "Interpolation between two latent vectors, decoded";
  figure.text.caption =
      "Decoded latents (1 - alpha) a + alpha b between two test images; above them the cross-fade "
      "of the pixels as a control. The curve is the distance to the nearest training latent: where "
      "it rises, the line leaves the region that the decoder was trained on.";
  figure.text.stamp = g.stamp();
  figure.shape = g.data.shape;
  const std::vector<double> curve_alphas = path.curve_alphas, distances = path.distances,
                            alphas = path.alphas;
  figure.paths.push_back(std::move(path));

  std::vector<std::filesystem::path> written;
  save_in_formats(g, FigureKind::interp, figure, written);
  written.push_back(g.path(FigureKind::interp, "npz"));
  NpzWriter npz(written.back());
  npz.add("rows", std::span<const std::int64_t>(rows), Shape{2});
  add_image_names(npz, g, rows);
  npz.add("alphas", std::span<const double>(alphas), Shape{std::ssize(alphas)});
  npz.add("codes", latents);
  npz.add("ends", to_channels_first(ends, g.data.shape));
  npz.add("decoded", to_channels_first(decoded, g.data.shape));
  npz.add("crossfade", to_channels_first(crossfade, g.data.shape));
  npz.add("curve_alphas", std::span<const double>(curve_alphas), Shape{std::ssize(curve_alphas)});
  npz.add("nearest_distances", std::span<const double>(distances), Shape{std::ssize(distances)});
  npz.commit();
  return written;
}

}  // namespace hourglass
