// The latents in two dimensions, by PCA and by UMAP.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/progress.h"
#include "base/random.h"
#include "figures/map.h"
#include "gallery.h"
#include "interop/npz.h"
#include "project/pca.h"
#include "project/procrustes.h"
#include "project/umap/umap.h"

namespace hourglass {
namespace {

/// Streams of the run's seed; 0 draws the parameters, the order of the images has its own.
constexpr std::uint64_t kDrawingOrderStream = 101;

/// Where each class's name stands: at its medoid, the member with the smallest sum of distances to
/// the others. Of large classes every so manieth member is asked.
Tensor medoids(ConstView map, const std::vector<std::int64_t>& labels, std::int64_t classes) {
  constexpr std::int64_t kMost = 1000;
  Tensor places({classes, 2});
  for (std::int64_t label = 0; label < classes; ++label) {
    std::vector<std::int64_t> members;
    for (std::int64_t i = 0; i < map.size(0); ++i) {
      if (labels[static_cast<std::size_t>(i)] == label) members.push_back(i);
    }
    const std::int64_t stride = (std::ssize(members) + kMost - 1) / kMost;
    double least = std::numeric_limits<double>::infinity();
    places[2 * label] = places[2 * label + 1] = std::numeric_limits<float>::quiet_NaN();
    for (std::int64_t a = 0; a < std::ssize(members); a += stride) {
      const auto at = map.row(members[static_cast<std::size_t>(a)]);
      double sum = 0;
      for (std::int64_t b = 0; b < std::ssize(members); b += stride) {
        const auto other = map.row(members[static_cast<std::size_t>(b)]);
        sum += std::hypot(static_cast<double>(at[0] - other[0]),
                          static_cast<double>(at[1] - other[1]));
      }
      if (sum >= least) continue;
      least = sum;
      places[2 * label] = at[0];
      places[2 * label + 1] = at[1];
    }
  }
  return places;
}

/// Draws a map of the test codes in a seeded random order and saves it, in test-set order, with its
/// labels.
std::vector<std::filesystem::path> save_map(Gallery& g, FigureKind kind, ConstView map,
                                            MapFigure figure,
                                            std::span<const double> variance_ratio) {
  const auto& labels = g.data.test.labels;
  Rng rng(g.facts.seed, kDrawingOrderStream);
  const auto order = random_permutation(map.size(0), rng);
  Tensor shuffled({map.size(0), 2});
  figure.labels.resize(order.size());
  figure.counts.resize(static_cast<std::size_t>(g.data.classes()));
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(map.row(order[i]), shuffled.row(static_cast<std::int64_t>(i)).begin());
    figure.labels[i] = labels[static_cast<std::size_t>(order[i])];
    ++figure.counts[static_cast<std::size_t>(figure.labels[i])];
  }
  const Tensor places = medoids(map, labels, g.data.classes());
  figure.points = shuffled;
  figure.label_positions = places;
  figure.class_names = g.data.class_names;
  figure.text.stamp = g.stamp();

  std::vector<std::filesystem::path> written;
  save_in_formats(g, kind, figure, written);
  written.push_back(g.place(kind, "npz"));
  NpzWriter npz(written.back());
  npz.add("map", map);
  npz.add("labels", std::span<const std::int64_t>(labels), Shape{std::ssize(labels)});
  if (!variance_ratio.empty()) {
    npz.add("explained_variance_ratio", variance_ratio, Shape{std::ssize(variance_ratio)});
  }
  npz.commit();
  return written;
}

/// A picture has two dimensions: a code of one number gets a second that is zero.
Tensor two_columns(ConstView map) {
  Tensor wide({map.size(0), 2});
  for (std::int64_t i = 0; i < map.size(0); ++i) wide[2 * i] = map[i];
  return wide;
}

}  // namespace

std::vector<std::filesystem::path> draw_pca(Gallery& g) {
  const Tensor& codes = g.test_codes();
  const int components = codes.size(1) > 1 && codes.size(0) > 1 ? 2 : 1;
  const Pca pca = fit_pca(codes, components, g.pool);
  const Tensor scores = pca.transform(codes, g.pool);
  MapFigure figure;
  figure.text.title = "Codes of the test images, by PCA";
  const std::int64_t hidden = codes.size(1) - 2;
  figure.text.caption =
      hidden > 0
          ? fmt::format(
                "All {} test codes of {} numbers on their two directions of largest variance. A "
                "linear shadow: groups that overlap here may be apart in the other {} direction{}.",
                codes.size(0), codes.size(1), hidden, hidden == 1 ? "" : "s")
          : fmt::format("All {} test codes with nothing left out: their {}.", codes.size(0),
                        hidden == 0 ? "two numbers, turned" : "one number, along a line");
  const auto axis = [&](int i) {
    return i < components
               ? fmt::format("PC {} ({:.1f} % of variance)", i + 1,
                             100 * pca.explained_variance_ratio[static_cast<std::size_t>(i)])
               : std::string("the code has one number only");
  };
  figure.x_label = axis(0);
  figure.y_label = axis(1);
  return save_map(g, FigureKind::pca, components == 2 ? scores.clone() : two_columns(scores),
                  std::move(figure), pca.explained_variance_ratio);
}

std::vector<std::filesystem::path> draw_umap(Gallery& g) {
  const Tensor& codes = g.test_codes();
  UmapOptions options;
  options.seed = g.facts.seed;
  NoProgress quiet;
  UmapResult result = umap(codes, options, g.pool, quiet);
  MapFigure figure;
  figure.text.title = "Codes of the test images, by UMAP";
  figure.text.caption = fmt::format(
      "All {} test codes of {} numbers; n_neighbors {}, min_dist {}. The axes have no unit: which "
      "points "
      "are neighbours means something, how far apart and how large groups are means little.",
      codes.size(0), codes.size(1), result.n_neighbors, options.min_dist);
  figure.ticks = false;
  // Laid onto the map of the epoch before, so that a sequence of them reads as a film.
  if (const auto earlier = g.earlier_data(FigureKind::umap)) {
    const auto arrays = read_npz(*earlier);
    const auto map = arrays.find("map");
    if (map != arrays.end() && map->second.shape == result.map.shape()) {
      result.map = lay_onto(result.map, map->second.floats());
    }
  }
  return save_map(g, FigureKind::umap, result.map, std::move(figure), {});
}

}  // namespace hourglass
