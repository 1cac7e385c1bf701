// Originals beside reconstructions.

#include <fmt/format.h>

#include <algorithm>

#include "hourglass/figures/recon.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/apply.h"
#include "hourglass/tensor/images.h"

namespace hourglass {

std::vector<std::filesystem::path> draw_recon(Gallery& g) {
  std::vector<std::int64_t> rows, labels;
  ReconFigure figure;
  const std::span<const std::int64_t> known = g.data.test.labels();
  for (const std::int64_t row : first_of_each_class(g.data)) {
    if (row < 0 || rows.size() == 10) continue;
    rows.push_back(row);
    labels.push_back(known[static_cast<std::size_t>(row)]);
    figure.names.push_back(g.data.class_names[static_cast<std::size_t>(labels.back())]);
  }
  if (known.empty()) {
    for (std::int64_t row = 0; row < std::min<std::int64_t>(10, g.data.test.count()); ++row) {
      rows.push_back(row);
      figure.names.push_back(fmt::format("#{}", row));
    }
  }
  const Tensor originals = test_images(g.data, rows);
  const Tensor reconstructions =
      decode(g.model, encode(g.model, g.data.test.selected(rows), g.pool), g.pool, labels);
  for (std::int64_t i = 0; i < originals.size(0); ++i) {
    figure.errors.push_back(
        image_mse(originals.row(i).data(), reconstructions.row(i).data(), originals.size(1)));
  }
  figure.text.title = "Test images and their reconstructions";
  const std::string shown =
      known.empty() ? fmt::format("The first {} test images, their reconstructions", rows.size())
      : g.data.classes() > std::ssize(rows)
          ? fmt::format("The first test image of the first {} classes, its reconstruction",
                        rows.size())
          : std::string("The first test image of each class, its reconstruction");
  figure.text.caption = fmt::format(
      "{} (latent dimension {}) and the absolute difference. Mean squared error over all {} test "
      "images: {:.5f}.",
      shown, g.model.latent_dim(), g.data.test.count(), g.facts.test_mse);
  figure.text.stamp = g.stamp();
  figure.shape = g.data.shape;
  figure.originals = originals;
  figure.reconstructions = reconstructions;

  std::vector<std::filesystem::path> written;
  save_in_formats(g, FigureKind::recon, figure, written);
  written.push_back(g.path(FigureKind::recon, "npz"));
  NpzWriter npz(written.back());
  npz.add("rows", std::span<const std::int64_t>(rows), Shape{std::ssize(rows)});
  if (!labels.empty()) {
    npz.add("labels", std::span<const std::int64_t>(labels), Shape{std::ssize(labels)});
  }
  npz.add("originals", to_channels_first(originals, g.data.shape));
  npz.add("reconstructions", to_channels_first(reconstructions, g.data.shape));
  npz.add("mse", std::span<const double>(figure.errors), Shape{std::ssize(figure.errors)});
  npz.commit();
  return written;
}

}  // namespace hourglass
