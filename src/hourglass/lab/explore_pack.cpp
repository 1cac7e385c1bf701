#include "hourglass/lab/explore_pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "hourglass/base/error.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/lab/map_scores.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/procrustes.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostDirections = 32;
constexpr float kAxisReach = 3.0f;  // deviations of a standard normal, which samplers draw from

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

/// Directions through the latent space and the range to go along each.
struct Directions {
  Tensor mean, components, ranges;  // [d], [k, d], [k, 2]
};

/// Those of largest variance, from the 1st to the 99th percentile; nothing for equal vectors.
std::optional<Directions> directions_of(ConstView latents, ThreadPool& pool) {
  if (latents.size(0) < 2) return std::nullopt;
  const std::int64_t most = std::min(latents.size(0), latents.size(1));
  Pca pca = fit_pca(RowSource(latents), static_cast<int>(std::min(most, kMostDirections)), pool);
  if (pca.no_variance()) return std::nullopt;
  const Tensor scores = pca.transform(latents, pool);
  Tensor ranges({scores.size(1), 2});
  std::vector<float> along(static_cast<std::size_t>(scores.size(0)));
  for (std::int64_t k = 0; k < scores.size(1); ++k) {
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      along[static_cast<std::size_t>(i)] = scores[i * scores.size(1) + k];
    }
    ranges[2 * k] = percentile(along, 0.01);
    ranges[2 * k + 1] = percentile(along, 0.99);
  }
  return Directions{std::move(pca.mean), std::move(pca.components), std::move(ranges)};
}

/// The axes of a latent space of which no vector is known.
Directions axes_of(std::int64_t latent_dim) {
  const std::int64_t k = std::min(latent_dim, kMostDirections);
  Directions axes{Tensor(Shape{latent_dim}), Tensor({k, latent_dim}), Tensor({k, 2})};
  for (std::int64_t i = 0; i < k; ++i) {
    axes.components[i * latent_dim + i] = 1.0f;
    axes.ranges[2 * i] = -kAxisReach;
    axes.ranges[2 * i + 1] = kAxisReach;
  }
  return axes;
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

/// What is measured of a map beside its positions.
struct Measured {
  std::optional<MapQuality> quality;
  std::optional<Directions> directions;
  std::vector<std::string> missing;  // why one is not there
};

Measured measure(const ExplorePoints& points, const std::optional<ExploreModel>& model,
                 const ExploreMapping& mapping, ConstView map, ThreadPool& pool,
                 Progress& progress) {
  Measured out;
  if (points.latents.count() == 0) {
    if (model) out.directions = axes_of(model->latent_dim);
    return out;
  }
  progress.update(1.0, "scores");
  const std::int64_t n = points.count();
  if (can_be_scored(points.latents, map)) {
    out.quality = map_quality(points.latents, map, {.seed = mapping.seed}, pool);
  } else if (n < 3) {
    out.missing.push_back(
        fmt::format("{} are too few to score a map.",
                    n == 1 ? "The neighbours of one point" : "The neighbours of two points"));
  } else {
    out.missing.push_back("All points are equal, so the map has no scores.");
  }
  progress.update(1.0, "directions");
  out.directions = directions_of(points.latents, pool);
  if (!out.directions) {
    out.missing.push_back("All latent vectors are equal, so there are no directions to follow.");
  }
  return out;
}

Json facts_of(const ExplorePoints& points, const std::optional<ExploreModel>& model,
              const ExploreMapping& mapping, const Measured& measured) {
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
  const Measured measured = measure(points, model, mapping, map, pool, progress);

  Arrays arrays;
  arrays.add("maps", maps);
  if (points.latents.count() > 0) arrays.add("latents", points.latents);
  arrays.add("error", points.error);
  std::vector<float> trustworthiness, continuity, overlap;
  if (const auto& quality = measured.quality) {
    trustworthiness = spread(quality->point_trustworthiness, quality->rows, n);
    continuity = spread(quality->point_continuity, quality->rows, n);
    overlap = spread(quality->point_overlap, quality->rows, n);
  }
  arrays.add("trustworthiness", trustworthiness);
  arrays.add("continuity", continuity);
  arrays.add("overlap", overlap);
  for (const auto& [name, values] : points.columns) arrays.add("column." + name, values);
  if (const auto& directions = measured.directions) {
    arrays.add("directions.mean", directions->mean);
    arrays.add("directions.components", directions->components);
    arrays.add("directions.ranges", directions->ranges);
  }
  if (!points.labels.empty()) arrays.add_whole("labels", points.labels);
  arrays.add_whole("rows", points.rows);
  if (!points.split.empty()) arrays.add("split", points.split, Shape{n});
  if (points.images.count() > 0) arrays.add_images("images", points.images, pool);

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
