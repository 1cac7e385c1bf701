// The latents in two dimensions, by PCA and by UMAP.

#include <fmt/format.h>

#include <optional>

#include "hourglass/base/progress.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/map_picture.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

/// A map of the test latents, with what its figure and data need.
struct LatentMap {
  FigureKind kind;
  ConstView map;  // [n, 1 or 2], in test-set order
  std::optional<MapScores> scores;
  FigureText text;
  std::string x_label, y_label;
  std::span<const double> variance_ratio;
};

/// Nothing for latents without neighbours: fewer than three, or equal ones.
std::optional<MapScores> scores_of(Gallery& g, ConstView map) {
  if (!can_be_scored(g.test_latents(), map)) return std::nullopt;
  return score_map(g.test_latents(), map, g.data.test.labels(), {}, g.pool);
}

void add_scores(NpzWriter& npz, const MapScores& scores) {
  const MapQuality& q = scores.quality;
  const auto add = [&](std::string_view name, double value) {
    npz.add(name, std::span<const double>(&value, 1), Shape{});
  };
  add("trustworthiness", q.trustworthiness);
  add("continuity", q.continuity);
  add("neighbour_overlap", q.neighbour_overlap);
  if (!scores.space_accuracy) return;
  add("space_knn_accuracy", *scores.space_accuracy);
  add("map_knn_accuracy", *scores.map_accuracy);
}

/// Draws the map by class and saves it with its labels and scores.
void save_map(Gallery& g, const LatentMap& m, std::vector<std::filesystem::path>& written) {
  const std::span<const std::int64_t> labels = g.data.test.labels();
  MapPicture picture = picture_of(m.map, labels, g.data.class_names, g.facts.seed);
  picture.figure.text = m.text;
  if (m.scores) picture.figure.scores = score_line(*m.scores, "latents");
  picture.figure.x_label = m.x_label;
  picture.figure.y_label = m.y_label;
  picture.figure.ticks = !m.x_label.empty();
  save_in_formats(g, m.kind, picture.figure, written);
  written.push_back(g.path(m.kind, "npz"));
  NpzWriter npz(written.back());
  npz.add("map", m.map);
  add_image_names(npz, g, {});
  if (!labels.empty()) npz.add("labels", labels, Shape{std::ssize(labels)});
  if (!m.variance_ratio.empty()) {
    npz.add("explained_variance_ratio", m.variance_ratio, Shape{std::ssize(m.variance_ratio)});
  }
  if (m.scores) add_scores(npz, *m.scores);
  npz.commit();
}

/// Draws the same map, shaded by the trustworthiness of each point.
void save_trust(Gallery& g, const LatentMap& m, std::vector<std::filesystem::path>& written) {
  if (!m.scores || m.scores->quality.sampled) return;
  const MapQuality& q = m.scores->quality;
  MapPicture picture = trust_picture_of(m.map, g.data.test.labels(), g.data.class_names,
                                        g.facts.seed, q.point_trustworthiness);
  picture.figure.text = m.text;
  picture.figure.text.title += ": trustworthiness of each point";
  picture.figure.text.caption = fmt::format(
      "The same map, each point shaded by its own trustworthiness: dark where its {} neighbours in "
      "the map are not its neighbours among the latents. A random map has 0.5.",
      q.k);
  picture.figure.scores = score_line(*m.scores, "latents");
  picture.figure.ticks = false;
  for (const FigureFormat format : g.formats) {
    written.push_back(g.path(m.kind, extension_of(format), "_trust"));
    save_figure(written.back(), picture.figure);
  }
  written.push_back(g.path(m.kind, "npz", "_trust"));
  NpzWriter npz(written.back());
  const Shape n{std::ssize(q.rows)};
  npz.add("map", m.map);
  add_image_names(npz, g, {});
  npz.add("trustworthiness", std::span<const float>(q.point_trustworthiness), n);
  npz.add("continuity", std::span<const float>(q.point_continuity), n);
  npz.add("neighbour_overlap", std::span<const float>(q.point_overlap), n);
  npz.commit();
}

}  // namespace

std::vector<std::filesystem::path> draw_pca(Gallery& g) {
  const Tensor& latents = g.test_latents();
  const int components = latents.size(1) > 1 && latents.size(0) > 1 ? 2 : 1;
  const Pca pca = fit_pca(latents, components, g.pool);
  const Tensor scores = pca.transform(latents, g.pool);
  LatentMap m{
      FigureKind::pca, scores, scores_of(g, scores), {}, {}, {}, pca.explained_variance_ratio};
  m.text.stamp = g.stamp();
  m.text.title = "Latent vectors of the test images, by PCA";
  const std::int64_t hidden = latents.size(1) - 2;
  m.text.caption =
      hidden > 0
          ? fmt::format(
                "All {} test latents of dimension {}, on their two directions of largest variance. "
                "Groups that overlap in this projection may be apart in the other {} direction{}.",
                latents.size(0), latents.size(1), hidden, hidden == 1 ? "" : "s")
          : fmt::format("All {} test latents, {}.", latents.size(0),
                        hidden == 0 ? "of dimension 2, rotated" : "of dimension 1, along a line");
  const auto axis = [&](int i) {
    if (i < components && pca.no_variance())
      return fmt::format("PC {}: all latents are equal", i + 1);
    return i < components
               ? fmt::format("PC {} ({:.1f} % of variance)", i + 1,
                             100 * pca.explained_variance_ratio[static_cast<std::size_t>(i)])
               : std::string("no second dimension: scattered so that points are seen");
  };
  m.x_label = axis(0);
  m.y_label = axis(1);
  std::vector<std::filesystem::path> written;
  save_map(g, m, written);
  return written;
}

std::vector<std::filesystem::path> draw_umap(Gallery& g) {
  const Tensor& latents = g.test_latents();
  UmapOptions options;
  options.seed = g.facts.seed;
  UmapResult result = umap(latents, options, g.pool);
  // Aligned with the map of the epoch before, so that the maps can be shown as a film.
  if (const auto earlier = g.earlier_data(FigureKind::umap)) {
    const NpzReader arrays(*earlier);
    const NpzEntry* map = arrays.find("map");
    if (map != nullptr && map->has_numbers() && map->kind->shape == result.map.shape()) {
      result.map = align_to(result.map, arrays.numbers("map").floats());
    }
  }
  LatentMap m{FigureKind::umap, result.map, scores_of(g, result.map), {}, {}, {}, {}};
  m.text.stamp = g.stamp();
  m.text.title = "Latent vectors of the test images, by UMAP";
  m.text.caption = fmt::format(
      "All {} test latents of dimension {}; n_neighbors {}, min_dist {}. The axes have no unit: "
      "neighbours in the map have a meaning, distances between groups and their sizes have little.",
      latents.size(0), latents.size(1), result.n_neighbors, options.min_dist);
  std::vector<std::filesystem::path> written;
  save_map(g, m, written);
  save_trust(g, m, written);
  return written;
}

}  // namespace hourglass
