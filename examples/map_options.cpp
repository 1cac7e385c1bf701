// Pictures of what UMAP's options do and what a map does not show, for docs/maps.md.
//   example_map_options                               synthetic data, into the current folder
//   example_map_options FOLDER CHECKPOINT DATASET     also the options, on a trained model
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/data/open.h"
#include "hourglass/figures/map.h"
#include "hourglass/figures/save.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/quality.h"
#include "hourglass/project/umap/umap.h"

using namespace hourglass;

constexpr std::int64_t kShown = 3000;  // test images for the options

/// Rows and their classes.
struct Points {
  Tensor x;
  std::vector<std::int64_t> labels;
};

struct Sheet {
  MapPanels figure;
  std::vector<Tensor> maps{};

  void add(std::string title, std::string note, Tensor map,
           const std::vector<std::int64_t>& labels) {
    maps.push_back(std::move(map));
    MapFigure square;
    square.points = maps.back();
    square.labels = labels;
    figure.panels.push_back({std::move(title), std::move(note), std::move(square)});
  }
};

Tensor by_pca(ConstView x, ThreadPool& pool) {
  return fit_pca(x, 2, pool).transform(x, pool);
}

Tensor by_umap(ConstView x, const UmapOptions& options, ThreadPool& pool) {
  return umap(x, options, pool).map;
}

std::string scores(ConstView x, ConstView map, ThreadPool& pool) {
  const MapQuality q = map_quality(x, map, {}, pool);
  return fmt::format("trust {:.3f}, continuity {:.3f}, overlap {:.2f}", q.trustworthiness,
                     q.continuity, q.neighbour_overlap);
}

/// Three groups in ten dimensions, with these spreads, at these positions on a line.
Points three_groups(const double (&spreads)[3], const double (&positions)[3]) {
  constexpr std::int64_t kRows = 1500, kColumns = 10;
  Rng rng(0);
  Points out{Tensor({kRows, kColumns}), {}};
  for (std::int64_t i = 0; i < kRows; ++i) {
    const auto group = static_cast<std::size_t>(i % 3);
    for (float& value : out.x.row(i)) value = static_cast<float>(spreads[group] * rng.normal());
    out.x.row(i)[0] += static_cast<float>(positions[group]);
    out.labels.push_back(group == 0 ? 7 : group == 1 ? 2 : 3);
  }
  return out;
}

/// The mean of a group's points, and their root mean squared distance from it.
struct Group {
  double spread = 0, x = 0, y = 0;
};
Group group_of(ConstView map, const std::vector<std::int64_t>& labels, std::int64_t label) {
  Group out;
  double n = 0, squares = 0;
  for (std::int64_t i = 0; i < map.size(0); ++i) {
    if (labels[static_cast<std::size_t>(i)] != label) continue;
    const double x = map.row(i)[0], y = map.row(i)[1];
    n += 1, out.x += x, out.y += y, squares += x * x + y * y;
  }
  out.x /= n, out.y /= n;
  out.spread = std::sqrt(squares / n - out.x * out.x - out.y * out.y);
  return out;
}

/// The widest group's spread over the narrowest's.
double ratio_of_spreads(ConstView map, const Points& data) {
  const auto of = [&](std::int64_t label) { return group_of(map, data.labels, label).spread; };
  return std::max({of(7), of(2), of(3)}) / std::min({of(7), of(2), of(3)});
}

/// The distance from the second group to the third over that from the first to the second.
double ratio_of_distances(ConstView map, const Points& data) {
  const Group a = group_of(map, data.labels, 7), b = group_of(map, data.labels, 2),
              c = group_of(map, data.labels, 3);
  return std::hypot(c.x - b.x, c.y - b.y) / std::hypot(b.x - a.x, b.y - a.y);
}

/// Draws what a map does not show; true if the claims hold.
bool draw_limits(const std::filesystem::path& folder, ThreadPool& pool) {
  const Points spread = three_groups({1, 3, 10}, {-60, 0, 60});
  const Points apart = three_groups({1, 1, 1}, {0, 12, 120});
  Points noise = three_groups({1, 1, 1}, {0, 0, 0});
  std::fill(noise.labels.begin(), noise.labels.end(), 7);
  Tensor spread_map = by_umap(spread.x, {}, pool), apart_map = by_umap(apart.x, {}, pool);
  const double spreads = ratio_of_spreads(spread_map, spread);
  const double distances = ratio_of_distances(apart_map, apart);

  Sheet sheet{{{"What a map does not show",
                "Synthetic data, ten dimensions, 1,500 points: above by PCA, below by UMAP.", ""},
               {},
               3}};
  sheet.add("Sizes", "three groups with spreads of 1 : 3 : 10", by_pca(spread.x, pool),
            spread.labels);
  sheet.add("Distances", "the third group is nine times as far from the second as the first is",
            by_pca(apart.x, pool), apart.labels);
  sheet.add("Noise", "one cloud without groups", by_pca(noise.x, pool), noise.labels);
  sheet.add("UMAP", fmt::format("drawn as 1 : {:.1f}", spreads), std::move(spread_map),
            spread.labels);
  sheet.add("UMAP", fmt::format("drawn as {:.1f} times as far", distances), std::move(apart_map),
            apart.labels);
  sheet.add("UMAP, n_neighbors 3", "islands and threads, but there are no groups",
            by_umap(noise.x, {.n_neighbors = 3}, pool), noise.labels);
  save_figure(folder / "maps-limits.png", sheet.figure);
  std::printf("spreads of 1 : 10 are drawn as 1 : %.1f, distances of 1 : 9 as 1 : %.1f\n", spreads,
              distances);
  return spreads < 3 && distances < 4.5;
}

/// Draws the options on the first test images of a data set, as latents and as pixels.
void draw_options(const std::filesystem::path& folder, const std::string& checkpoint,
                  const std::string& dataset, ThreadPool& pool) {
  const Checkpoint model = load_checkpoint(checkpoint);
  const Dataset data = open_dataset(dataset);
  const std::int64_t n = std::min(kShown, data.test.count());
  Tensor pixels({n, data.shape.pixels()});
  data.test.fill_rows(0, n, pixels);
  const Tensor latents = encode(*model.model, pixels, pool);
  const std::vector<std::int64_t> labels(data.test.labels().begin(),
                                         data.test.labels().begin() + n);

  // Each map is aligned with the first, so that maps do not differ by rotation.
  const auto draw_sheet = [&](const std::string& name, std::string title,
                              const std::vector<std::pair<std::string, UmapOptions>>& variants) {
    Sheet sheet{{{std::move(title), "", ""}, {}, static_cast<int>(variants.size())}};
    for (const auto& [words, options] : variants) {
      Tensor map = by_umap(latents, options, pool);
      if (!sheet.maps.empty()) map = align_to(map, sheet.maps[0]);
      const std::string note = scores(latents, map, pool);
      sheet.add(words, note, std::move(map), labels);
    }
    save_figure(folder / ("maps-" + name + ".png"), sheet.figure);
    std::printf("%s\n", name.c_str());
  };
  draw_sheet("neighbours", "n_neighbors",
             {{"5", {.n_neighbors = 5}},
              {"15", {}},
              {"50", {.n_neighbors = 50}},
              {"200", {.n_neighbors = 200}}});
  draw_sheet("min-dist", "min_dist",
             {{"0", {.min_dist = 0.0f}},
              {"0.1", {}},
              {"0.5", {.min_dist = 0.5f}},
              {"0.99", {.min_dist = 0.99f}}});
  draw_sheet("epochs", "n_epochs and metric",
             {{"20 epochs", {.n_epochs = 20}},
              {"100 epochs", {.n_epochs = 100}},
              {"500 epochs", {}},
              {"500 epochs, cosine", {.metric = Metric::cosine}}});
  draw_sheet("seeds", "seed",
             {{"0", {}}, {"1", {.seed = 1}}, {"2", {.seed = 2}}, {"3", {.seed = 3}}});

  Sheet sheet{{{"PCA and UMAP, latents and pixels", "", ""}, {}, 4}};
  const auto add_both = [&](const char* what, ConstView x) {
    Tensor flat = by_pca(x, pool), map = by_umap(x, {}, pool);
    const std::string flat_note = scores(x, flat, pool), note = scores(x, map, pool);
    sheet.add(fmt::format("PCA of the {}", what), flat_note, std::move(flat), labels);
    sheet.add(fmt::format("UMAP of the {}", what), note, std::move(map), labels);
  };
  add_both("latents", latents);
  add_both("pixels", pixels);
  save_figure(folder / "maps-methods.png", sheet.figure);
}

int main(int count, char** arguments) {
  try {
    ThreadPool pool(available_threads());
    const std::filesystem::path folder = count > 1 ? arguments[1] : ".";
    const bool as_said = draw_limits(folder, pool);
    if (count > 3) draw_options(folder, arguments[2], arguments[3], pool);
    return as_said ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const Error& error) {
    std::fprintf(stderr, "map_options: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
