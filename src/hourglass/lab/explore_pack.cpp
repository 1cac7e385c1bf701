#include "hourglass/lab/explore_pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/lab/explore_measures.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

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

/// Scores of each point [n], NaN where it was not measured; empty without any.
struct PointScores {
  PointScores(const ExploreMeasures& measured, std::int64_t count) {
    if (!measured.quality) return;
    const MapQuality& quality = *measured.quality;
    const auto spread = [&](std::span<const float> values) {
      std::vector<float> all(static_cast<std::size_t>(count),
                             std::numeric_limits<float>::quiet_NaN());
      for (std::size_t i = 0; i < values.size(); ++i) {
        all[static_cast<std::size_t>(quality.rows[i])] = values[i];
      }
      return all;
    };
    trustworthiness = spread(quality.point_trustworthiness);
    continuity = spread(quality.point_continuity);
    overlap = spread(quality.point_overlap);
  }

  std::vector<float> trustworthiness, continuity, overlap;
};

/// What is known of the points without their map.
void add_points(Arrays& arrays, const ExplorePoints& points, ThreadPool& pool) {
  if (points.latents.count() > 0) arrays.add("latents", points.latents);
  arrays.add("error", points.error);
  for (const auto& [name, values] : points.columns) arrays.add("column." + name, values);
  if (!points.labels.empty()) arrays.add_whole("labels", points.labels);
  arrays.add_whole("rows", points.rows);
  if (!points.split.empty()) arrays.add("split", points.split, Shape{points.count()});
  if (points.images.count() > 0) arrays.add_images("images", points.images, pool);
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

Json facts_of(const ExplorePoints& points, const std::optional<ExploreModel>& model,
              const ExploreMapping& mapping, const ExploreMeasures& measured) {
  Json facts;
  facts["title"] = points.title;
  facts["kind"] = model ? Json(model->kind) : Json();
  facts["dataset"] = points.dataset;
  facts["latent_dim"] = model ? model->latent_dim : points.latents.size(1);
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
  facts["fit"] = points.fit;
  facts["background"] = points.background;
  facts["splits"] = points.splits;
  facts["epochs"] = Json::array();
  if (model && model->epoch) {
    for (const EpochMap& earlier : mapping.earlier) facts["epochs"].push_back(earlier.epoch);
    facts["epochs"].push_back(*model->epoch);
  }
  facts["map_method"] = mapping.given.count() > 0 ? mapping.method : "UMAP";
  facts["scores"] = score_facts(measured.quality);
  facts["scored_rows"] = measured.quality ? std::ssize(measured.quality->rows) : 0;
  facts["total"] = points.total;
  facts["missing"] = points.missing;
  for (const std::string& sentence : measured.missing) facts["missing"].push_back(sentence);
  return facts;
}

/// The earlier maps and the last one.
Tensor all_maps(const ExploreMapping& mapping, const Tensor& map) {
  Tensor maps({std::ssize(mapping.earlier) + 1, map.size(0), 2});
  float* next = maps.data();
  for (const EpochMap& earlier : mapping.earlier) {
    require(earlier.map.shape() == map.shape(), "explore", "earlier", earlier.map.shape().text(),
            "it is a map of other points");
    next = std::ranges::copy(earlier.map.span(), next).out;
  }
  std::ranges::copy(map.span(), next);
  return maps;
}

}  // namespace

ExploreModel explore_facts(const Checkpoint& checkpoint) {
  const CheckpointFacts& facts = checkpoint.facts;
  ExploreModel model;
  model.kind = checkpoint.model->kind();
  model.latent_dim = checkpoint.model->latent_dim();
  if (facts.epochs > 0) model.epoch = facts.epochs;
  if (!std::isnan(facts.test_mse)) model.test_mse = facts.test_mse;
  model.takes_labels = checkpoint.model->config().classes > 0;
  return model;
}

std::vector<std::uint8_t> make_explore_pack(const ExplorePoints& points,
                                            const std::optional<ExploreModel>& model,
                                            const ExploreMapping& mapping,
                                            const std::map<std::string, std::string>& commands,
                                            const std::string& key, ThreadPool& pool,
                                            Progress& progress) {
  const std::int64_t n = points.count();
  require(n >= 1, "explore", "points", n, "there must be one");
  const Tensor map = map_of(points, mapping, pool, progress);
  const Tensor maps = all_maps(mapping, map);
  const ExploreMeasures measured = measure_explored(
      points.latents, map, model ? model->latent_dim : 0, mapping.seed, pool, progress);

  Arrays arrays;
  add_points(arrays, points, pool);
  arrays.add("maps", maps);
  const PointScores scores(measured, n);
  arrays.add("trustworthiness", scores.trustworthiness);
  arrays.add("continuity", scores.continuity);
  arrays.add("overlap", scores.overlap);
  if (const auto& directions = measured.directions) {
    arrays.add("directions.mean", directions->mean);
    arrays.add("directions.components", directions->components);
    arrays.add("directions.ranges", directions->ranges);
  }
  Json facts = facts_of(points, model, mapping, measured);
  facts["commands"] = commands;
  std::map<std::string, std::string> metadata{{"hourglass.explore", "1"},
                                              {"facts", text_of(facts)}};
  if (!key.empty()) metadata["hourglass.explore_key"] = key;
  if (!points.names.empty()) metadata["names"] = text_of(points.names);
  progress.update(1.0, "pack");
  return safetensors_bytes(arrays.all(), metadata);
}

}  // namespace hourglass
