#include "hourglass/lab/explore_pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/interop/npz.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostDirections = 32;
constexpr std::uint64_t kMostMapBytes = std::uint64_t{1} << 28;

/// Names from files may not be UTF-8, but JSON has to be.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Arrays of the pack in the order in which they were added, with the memory that they are in.
class Arrays {
 public:
  void add(std::string name, ConstView view) {
    const ArrayView array(view);
    sources_.push_back(
        {std::move(name), array.dtype, array.shape, [bytes = array.bytes] { return bytes; }});
  }
  void add(std::string name, std::span<const float> values) {
    if (!values.empty()) add(std::move(name), ConstView(values.data(), Shape{std::ssize(values)}));
  }
  void add(std::string name, std::span<const std::uint8_t> values, Shape shape) {
    sources_.push_back({std::move(name), DType::kU8, shape, [values] { return values; }});
  }
  void add_whole(std::string name, std::span<const std::int64_t> values) {
    auto numbers = std::make_shared<std::vector<std::int32_t>>(values.begin(), values.end());
    sources_.push_back({std::move(name), DType::kI32, Shape{std::ssize(values)}, [numbers] {
                          const std::span<const std::int32_t> all = *numbers;
                          return std::span(reinterpret_cast<const std::uint8_t*>(all.data()),
                                           all.size_bytes());
                        }});
  }
  void add_images(std::string name, const RowSource& images, ThreadPool& pool) {
    // Filled only when it is written, after every other array.
    auto room = std::make_shared<std::vector<std::uint8_t>>();
    sources_.push_back({std::move(name), DType::kU8, Shape{images.count(), images.columns()},
                        [room, images, &pool] {
                          const auto size = static_cast<std::size_t>(images.columns());
                          room->resize(static_cast<std::size_t>(images.count()) * size);
                          parallel_for(pool, images.count(), 256, [&](auto begin, auto end) {
                            for (auto i = begin; i < end; ++i) {
                              images.fill_bytes(i, std::span(*room).subspan(
                                                       static_cast<std::size_t>(i) * size, size));
                            }
                          });
                          return std::span<const std::uint8_t>(*room);
                        }});
  }
  std::span<const NamedArraySource> all() const { return sources_; }

 private:
  std::vector<NamedArraySource> sources_;
};

/// A map of the points: the given one, or UMAP's, turned to fit the last earlier one.
Tensor map_of(const ExplorePoints& points, const ExploreMapping& mapping, ThreadPool& pool,
              Progress& progress) {
  const Shape shape{points.count(), 2};
  if (mapping.given.count() > 0) {
    require(mapping.given.shape() == shape, "explore", "map", mapping.given.shape().text(),
            fmt::format("{} is needed", shape.text()));
    return mapping.given.clone();
  }
  if (points.count() == 1) return Tensor(shape);
  UmapOptions options;
  options.seed = mapping.seed;
  Tensor map = umap(points.latents, options, pool, progress).map;
  if (!mapping.earlier.empty()) map = align_to(map, mapping.earlier.back().map);
  return map;
}

/// The values of the measured rows, NaN elsewhere.
std::vector<float> spread(std::span<const float> values, std::span<const std::int64_t> rows,
                          std::int64_t count) {
  std::vector<float> all(static_cast<std::size_t>(count), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < rows.size(); ++i) all[static_cast<std::size_t>(rows[i])] = values[i];
  return all;
}

/// The share `part` of the values is below it.
float percentile(std::vector<float>& values, double part) {
  const auto at =
      values.begin() +
      static_cast<std::ptrdiff_t>(std::lround(part * static_cast<double>(std::ssize(values) - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Directions of largest variance, and the range of the latent vectors along each.
struct Directions {
  Pca pca;
  Tensor ranges;  // [k, 2]
};

std::optional<Directions> directions_of(ConstView latents, ThreadPool& pool) {
  const std::int64_t most = std::min(latents.size(0), latents.size(1));
  if (latents.size(0) < 2) return std::nullopt;
  Directions found;
  found.pca = fit_pca(RowSource(latents), static_cast<int>(std::min<std::int64_t>(most, 32)), pool);
  if (found.pca.no_variance()) return std::nullopt;
  const Tensor scores = found.pca.transform(latents, pool);
  found.ranges = Tensor({scores.size(1), 2});
  std::vector<float> along(static_cast<std::size_t>(scores.size(0)));
  for (std::int64_t k = 0; k < scores.size(1); ++k) {
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      along[static_cast<std::size_t>(i)] = scores[i * scores.size(1) + k];
    }
    found.ranges[2 * k] = percentile(along, 0.01);
    found.ranges[2 * k + 1] = percentile(along, 0.99);
  }
  return found;
}

Json score_facts(const std::optional<MapQuality>& quality) {
  if (!quality) return nullptr;
  return {{"trustworthiness", quality->trustworthiness},
          {"continuity", quality->continuity},
          {"neighbour_overlap", quality->neighbour_overlap},
          {"k", quality->k}};
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// Drawings are brought to the middle where the images of the data set were.
bool centres_digits(const ExplorePoints& points) {
  const std::string& name = points.dataset;
  return (name == "mnist" || name == "strokes" || name.starts_with("emnist")) && points.shape &&
         *points.shape == ImageShape{1, 28, 28};
}

}  // namespace

MadePack make_explore_pack(const ExplorePoints& points, const std::optional<ExploreModel>& model,
                           const ExploreMapping& mapping,
                           const std::map<std::string, std::string>& commands,
                           const std::string& key, ThreadPool& pool, Progress& progress) {
  const std::int64_t n = points.count();
  require(n >= 1, "explore", "points", n, "there must be one");
  std::vector<std::string> missing = points.missing;
  MadePack pack;
  Tensor maps({std::ssize(mapping.earlier) + 1, n, 2});
  float* next = maps.data();
  for (const EpochMap& earlier : mapping.earlier) {
    require(earlier.map.shape() == Shape{n, 2}, "explore", "earlier", earlier.map.shape().text(),
            "maps of other points");
    next = std::ranges::copy(earlier.map.span(), next).out;
    pack.epochs.push_back(earlier.epoch);
  }
  const Tensor map = map_of(points, mapping, pool, progress);
  std::ranges::copy(map.span(), next);
  if (model && model->epoch) pack.epochs.push_back(*model->epoch);

  progress.update(1.0, "scores");
  std::optional<MapQuality> quality;
  if (can_be_scored(points.latents, map)) {
    quality = map_quality(points.latents, map, {.seed = mapping.seed}, pool);
  } else {
    missing.push_back(
        n < 3 ? fmt::format("{} are too few to score a map.", n == 1 ? "One point" : "Two points")
              : "All points are equal, so the map has no scores.");
  }
  progress.update(1.0, "directions");
  const std::optional<Directions> directions = directions_of(points.latents, pool);
  if (!directions) {
    missing.push_back("All latent vectors are equal, so there are no directions to follow.");
  }

  Arrays arrays;
  arrays.add("maps", maps);
  arrays.add("latents", points.latents);
  arrays.add("error", points.error);
  std::vector<float> trustworthiness, continuity, overlap;
  if (quality) {
    trustworthiness = spread(quality->point_trustworthiness, quality->rows, n);
    continuity = spread(quality->point_continuity, quality->rows, n);
    overlap = spread(quality->point_overlap, quality->rows, n);
  }
  arrays.add("trustworthiness", trustworthiness);
  arrays.add("continuity", continuity);
  arrays.add("overlap", overlap);
  for (const auto& [name, values] : points.columns) arrays.add("column." + name, values);
  if (directions) {
    arrays.add("directions.mean", directions->pca.mean);
    arrays.add("directions.components", directions->pca.components);
    arrays.add("directions.ranges", directions->ranges);
  }
  if (!points.labels.empty()) arrays.add_whole("labels", points.labels);
  arrays.add_whole("rows", points.rows);
  if (!points.split.empty()) arrays.add("split", points.split, Shape{n});
  if (points.images.count() > 0) arrays.add_images("images", points.images, pool);

  Json facts;
  facts["title"] = points.title;
  facts["kind"] = model ? Json(model->kind) : Json();
  facts["dataset"] = points.dataset;
  facts["latent_dim"] = points.latents.size(1);
  facts["epoch"] = model ? or_null(model->epoch) : Json();
  facts["test_mse"] = model ? or_null(model->test_mse) : Json();
  facts["shape"] = nullptr;
  if (points.shape) {
    facts["shape"] = {{"height", points.shape->height},
                      {"width", points.shape->width},
                      {"channels", points.shape->channels}};
  }
  facts["class_names"] = points.class_names;
  facts["takes_labels"] = model && model->takes_labels;
  facts["centred_digits"] = centres_digits(points);
  facts["splits"] = points.splits;
  facts["epochs"] = pack.epochs;
  facts["map_method"] = mapping.given.count() > 0 ? "given" : "UMAP";
  facts["scores"] = score_facts(quality);
  facts["scored_rows"] = quality ? std::ssize(quality->rows) : 0;
  facts["total"] = points.total;
  facts["missing"] = missing;
  facts["commands"] = commands;

  std::map<std::string, std::string> metadata{
      {"hourglass.explore", "1"}, {"hourglass.explore_key", key}, {"facts", text_of(facts)}};
  if (!points.names.empty()) metadata["names"] = text_of(points.names);
  progress.update(1.0, "pack");
  pack.bytes = safetensors_bytes(arrays.all(), metadata);
  return pack;
}

std::vector<EpochMap> drawn_maps(const FigureFolder& folder, std::int64_t epoch,
                                 const std::vector<std::int64_t>& chosen, std::int64_t total) {
  std::vector<EpochMap> maps;
  for (const auto& [drawn, path] : folder.data_by_epoch("umap")) {
    if (drawn >= epoch) break;
    try {
      const Array array = NpzReader(path, kMostMapBytes).numbers("map");
      if (array.shape != Shape{total, 2} || first_non_finite(array)) continue;
      const Tensor all = array.floats();
      Tensor map({std::ssize(chosen), 2});
      for (std::int64_t i = 0; i < map.size(0); ++i) {
        std::ranges::copy(all.row(chosen[static_cast<std::size_t>(i)]), map.row(i).begin());
      }
      maps.push_back({drawn, std::move(map)});
    } catch (const Error&) {
      continue;
    }
  }
  return maps;
}

}  // namespace hourglass
