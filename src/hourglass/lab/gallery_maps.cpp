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

/// A map of the test codes on its way to a figure and its data.
struct CodeMap {
  FigureKind kind;
  ConstView map;  // [n, 1 or 2], in test-set order
  std::optional<MapScores> scores;
  FigureText text;
  std::string x_label, y_label;
  std::span<const double> variance_ratio;
};

/// Too few codes have no neighbours to speak of.
std::optional<MapScores> scores_of(Gallery& g, ConstView map) {
  if (map.size(0) < 3) return std::nullopt;
  return score_map(g.test_codes(), map, g.data.test.labels(), {}, g.pool);
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
void save_map(Gallery& g, const CodeMap& m, std::vector<std::filesystem::path>& written) {
  const std::span<const std::int64_t> labels = g.data.test.labels();
  MapPicture picture = picture_of(m.map, labels, g.data.class_names, g.facts.seed);
  picture.figure.text = m.text;
  if (m.scores) picture.figure.scores = score_line(*m.scores, "codes");
  picture.figure.x_label = m.x_label;
  picture.figure.y_label = m.y_label;
  picture.figure.ticks = !m.x_label.empty();
  save_in_formats(g, m.kind, picture.figure, written);
  written.push_back(g.place(m.kind, "npz"));
  NpzWriter npz(written.back());
  npz.add("map", m.map);
  if (!labels.empty()) npz.add("labels", labels, Shape{std::ssize(labels)});
  if (!m.variance_ratio.empty()) {
    npz.add("explained_variance_ratio", m.variance_ratio, Shape{std::ssize(m.variance_ratio)});
  }
  if (m.scores) add_scores(npz, *m.scores);
  npz.commit();
}

/// Draws the same map shaded by how far each point's neighbours can be believed.
void save_trust(Gallery& g, const CodeMap& m, std::vector<std::filesystem::path>& written) {
  if (!m.scores || m.scores->quality.sampled) return;
  const MapQuality& q = m.scores->quality;
  MapPicture picture = trust_picture_of(m.map, g.data.test.labels(), g.data.class_names,
                                        g.facts.seed, q.point_trustworthiness);
  picture.figure.text = m.text;
  picture.figure.text.title += ": how far to believe it";
  picture.figure.text.caption = fmt::format(
      "The same map, each point shaded by its own trustworthiness: dark where its {} neighbours in "
      "the map are not its neighbours among the codes. 0.5 is what chance gives.",
      q.k);
  picture.figure.scores = score_line(*m.scores, "codes");
  picture.figure.ticks = false;
  for (const FigureFormat format : g.formats) {
    written.push_back(g.place(m.kind, extension_of(format), "_trust"));
    save_figure(written.back(), picture.figure);
  }
  written.push_back(g.place(m.kind, "npz", "_trust"));
  NpzWriter npz(written.back());
  const Shape n{std::ssize(q.rows)};
  npz.add("map", m.map);
  npz.add("trustworthiness", std::span<const float>(q.point_trustworthiness), n);
  npz.add("continuity", std::span<const float>(q.point_continuity), n);
  npz.add("neighbour_overlap", std::span<const float>(q.point_overlap), n);
  npz.commit();
}

}  // namespace

std::vector<std::filesystem::path> draw_pca(Gallery& g) {
  const Tensor& codes = g.test_codes();
  const int components = codes.size(1) > 1 && codes.size(0) > 1 ? 2 : 1;
  const Pca pca = fit_pca(codes, components, g.pool);
  const Tensor scores = pca.transform(codes, g.pool);
  CodeMap m{
      FigureKind::pca, scores, scores_of(g, scores), {}, {}, {}, pca.explained_variance_ratio};
  m.text.stamp = g.stamp();
  m.text.title = "Codes of the test images, by PCA";
  const std::int64_t hidden = codes.size(1) - 2;
  m.text.caption =
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
               : std::string("the code has one number only: scattered so that points are seen");
  };
  m.x_label = axis(0);
  m.y_label = axis(1);
  std::vector<std::filesystem::path> written;
  save_map(g, m, written);
  return written;
}

std::vector<std::filesystem::path> draw_umap(Gallery& g) {
  const Tensor& codes = g.test_codes();
  UmapOptions options;
  options.seed = g.facts.seed;
  UmapResult result = umap(codes, options, g.pool);
  // Laid onto the map of the epoch before, so that a sequence of them reads as a film.
  if (const auto earlier = g.earlier_data(FigureKind::umap)) {
    const auto arrays = read_npz(*earlier);
    const auto map = arrays.find("map");
    if (map != arrays.end() && map->second.shape == result.map.shape()) {
      result.map = lay_onto(result.map, map->second.floats());
    }
  }
  CodeMap m{FigureKind::umap, result.map, scores_of(g, result.map), {}, {}, {}, {}};
  m.text.stamp = g.stamp();
  m.text.title = "Codes of the test images, by UMAP";
  m.text.caption = fmt::format(
      "All {} test codes of {} numbers; n_neighbors {}, min_dist {}. The axes have no unit: which "
      "points are neighbours means something, how far apart and how large groups are means little.",
      codes.size(0), codes.size(1), result.n_neighbors, options.min_dist);
  std::vector<std::filesystem::path> written;
  save_map(g, m, written);
  save_trust(g, m, written);
  return written;
}

}  // namespace hourglass
