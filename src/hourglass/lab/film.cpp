#include "hourglass/lab/film.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "hourglass/base/error.h"
#include "hourglass/figures/apng.h"
#include "hourglass/figures/save.h"
#include "hourglass/interop/npz.h"
#include "hourglass/lab/map_picture.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr double kFilmDotsPerInch = 100.0;
constexpr int kSmoothFrames = 19;                             // between two epochs, at most
constexpr int kMostFrames = 200;                              // of the whole film
constexpr int kFrameTime = 40;                                // milliseconds
constexpr int kHoldTime = 900;                                // at each epoch
constexpr int kLastHoldTime = 3000;                           // at the last
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;  // of one file with map and labels

/// A map of an epoch, ready to be drawn.
struct Scene {
  std::int64_t epoch = 0;
  MapPicture picture;
};

/// The files of maps by epoch.
std::map<std::int64_t, fs::path> maps_in(const FigureFolder& folder) {
  auto files = folder.data_by_epoch("umap");
  if (files.size() < 2) {
    fail_file("film",
              "{} of {} in {}: a film needs the maps of at least two epochs; a run that draws its "
              "figures while it trains leaves them there",
              files.empty()
                  ? "there is no map"
                  : fmt::format("there is only {}", files.begin()->second.filename().string()),
              folder.run, folder.film().parent_path().string());
  }
  return files;
}

struct MapData {
  Tensor map;
  std::vector<std::int64_t> labels;  // empty if the images have none
};

MapData read_map(const fs::path& file, std::size_t classes) {
  const NpzReader arrays(file, kMostBytes);
  const auto refuse = [&](std::string_view why) {
    fail_file("film", "{} is no map of a run: {}; draw it again", file.string(), why);
  };
  if (arrays.find("map") == nullptr) refuse("it lacks the array map");
  const Array map = arrays.numbers("map");
  const Shape& shape = map.shape;
  if (shape.rank() != 2 || shape[1] != 2 || shape[0] < 1) refuse("map is not [n, 2]");
  MapData out{map.floats(), {}};
  if (arrays.find("labels") == nullptr) return out;
  const Array labels = arrays.numbers("labels");
  if (labels.shape != Shape{shape[0]}) refuse("map and labels differ in number");
  out.labels = labels.integers("labels");
  for (const std::int64_t label : out.labels) {
    if (label < 0 || label >= static_cast<std::int64_t>(classes)) {
      refuse(fmt::format("label {} is none of the model's {} classes", label, classes));
    }
  }
  return out;
}

std::vector<Scene> read_scenes(const FigureFolder& folder, const FilmFacts& facts) {
  std::vector<Scene> scenes;
  std::vector<std::int64_t> labels;
  const auto files = maps_in(folder);
  for (const auto& [epoch, file] : files) {
    MapData data = read_map(file, facts.class_names.size());
    const bool same = scenes.empty() || (labels == data.labels &&
                                         scenes[0].picture.points.size(0) == data.map.size(0));
    if (!same) {
      fail_file("film", "{} and {} are maps of different points: draw one of them again",
                files.begin()->second.string(), file.filename().string());
    }
    labels = std::move(data.labels);
    scenes.push_back({epoch, picture_of(data.map, labels, facts.class_names, facts.seed)});
  }
  return scenes;
}

/// The extent that contains all maps of the film.
MapExtent common_extent(const std::vector<Scene>& scenes) {
  Tensor all({std::ssize(scenes) * scenes[0].picture.points.size(0), 2});
  float* out = all.data();
  for (const Scene& scene : scenes) out = std::ranges::copy(scene.picture.points.span(), out).out;
  return extent_of(all);
}

/// White, greys for text and frame, and the classes' colours: sixteen, so that a pixel takes half a
/// byte.
FilmPalette film_palette() {
  FilmPalette palette{0xFFFFFF, 0x222222, 0x666666, 0x999999, 0xC8C8C8, 0xE8E8E8};
  for (std::int64_t label = 0; label < 10; ++label) {
    const Color color = class_color(label);
    palette.push_back((std::uint32_t{byte_of(color.red)} << 16) |
                      (std::uint32_t{byte_of(color.green)} << 8) | byte_of(color.blue));
  }
  return palette;
}

/// Smoothstep: slow at both ends, fast in the middle.
double eased(double t) {
  return t * t * (3.0 - 2.0 * t);
}

/// The points between two maps, `share` in [0, 1] of the way.
Tensor points_between(const Tensor& from, const Tensor& to, double share) {
  Tensor out(from.shape());
  for (std::int64_t i = 0; i < out.count(); ++i) {
    out[i] = static_cast<float>(from[i] + share * (double{to[i]} - from[i]));
  }
  return out;
}

}  // namespace

fs::path make_film(const FigureFolder& folder, const FilmFacts& facts, Progress& progress) {
  std::vector<Scene> scenes = read_scenes(folder, facts);
  const auto steps = static_cast<int>(scenes.size()) - 1;
  const int between = std::clamp(kMostFrames / steps - 1, 1, kSmoothFrames);
  const MapExtent extent = common_extent(scenes);
  const FilmPalette palette = film_palette();
  std::optional<Apng> film;
  const auto add = [&](MapFigure figure, const std::string& when, int milliseconds) {
    figure.extent = extent;
    figure.ticks = false;
    figure.crisp = true;
    figure.text = {facts.title + ": " + when,
                   "The map of each epoch, rotated to fit the one before. Between two epochs "
                   "points move on straight lines: only the frames with names are maps.",
                   facts.stamp};
    const Raster page =
        render_pixels(kFilmDotsPerInch, [&](Canvas& canvas) { return draw(canvas, figure); });
    if (!film) film.emplace(page.width, page.height, palette);
    film->add(indexed(page, palette), milliseconds);
  };
  for (int i = 0; i <= steps; ++i) {
    const Scene& scene = scenes[static_cast<std::size_t>(i)];
    progress.update(static_cast<double>(i) / steps, fmt::format("epoch {}", scene.epoch));
    add(scene.picture.figure, fmt::format("epoch {}", scene.epoch),
        i < steps ? kHoldTime : kLastHoldTime);
    if (i == steps) break;
    const Scene& next = scenes[static_cast<std::size_t>(i) + 1];
    MapFigure moving = scene.picture.figure;
    moving.label_positions = {};
    for (int k = 1; k <= between; ++k) {
      const Tensor points = points_between(scene.picture.points, next.picture.points,
                                           eased(static_cast<double>(k) / (between + 1)));
      moving.points = points;
      add(moving, fmt::format("between epochs {} and {}", scene.epoch, next.epoch), kFrameTime);
    }
  }
  fs::path path = folder.film();
  save_rendered(path, film->finish(kFilmDotsPerInch));
  return path;
}

}  // namespace hourglass
