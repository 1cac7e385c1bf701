#include "hourglass/lab/explore_drawn.h"

#include <algorithm>
#include <numeric>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/interop/npz.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

/// A map and the labels beside it; nothing if the file holds no map.
struct Drawn {
  Tensor map;                        // [n, 2]
  std::vector<std::int64_t> labels;  // [n], or empty
};

std::optional<Drawn> read_drawn(const std::filesystem::path& path) {
  try {
    const NpzReader arrays(path, kMostBytes);
    const Array map = arrays.numbers("map");
    if (map.shape.rank() != 2 || map.shape[0] < 1 || map.shape[1] != 2 || first_non_finite(map)) {
      return std::nullopt;
    }
    Drawn drawn{map.floats(), {}};
    if (arrays.find("labels") != nullptr) {
      drawn.labels = arrays.numbers("labels").integers("labels");
    }
    if (!drawn.labels.empty() && std::ssize(drawn.labels) != map.shape[0]) return std::nullopt;
    return drawn;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<EpochMap> drawn_maps(const FigureFolder& folder, std::int64_t epoch,
                                 const std::vector<std::int64_t>& chosen, std::int64_t total) {
  std::vector<EpochMap> maps;
  for (const auto& [drawn, path] : folder.data_by_epoch("umap")) {
    if (drawn >= epoch) break;
    const auto all = read_drawn(path);
    if (!all || all->map.size(0) != total) continue;
    Tensor map({std::ssize(chosen), 2});
    for (std::int64_t i = 0; i < map.size(0); ++i) {
      std::ranges::copy(all->map.row(chosen[static_cast<std::size_t>(i)]), map.row(i).begin());
    }
    maps.push_back({drawn, std::move(map)});
  }
  return maps;
}

std::string drawn_maps_sha256(const FigureFolder& folder, std::int64_t epoch) {
  Sha256 hash;
  bool any = false;
  for (const auto& [drawn, path] : folder.data_by_epoch("umap")) {
    if (drawn >= epoch) break;
    hash.update(read_file(path, kMostBytes));
    any = true;
  }
  return any ? hash.hex() : "";
}

std::optional<DrawnPoints> drawn_points(const FigureFolder& folder, const Checkpoint& checkpoint) {
  const CheckpointFacts& facts = checkpoint.facts;
  const auto files = folder.data_by_epoch("umap");
  const auto last = files.find(facts.epochs);
  auto drawn = last == files.end() ? std::nullopt : read_drawn(last->second);
  if (!drawn) return std::nullopt;
  DrawnPoints out;
  ExplorePoints& points = out.points;
  points.dataset = facts.dataset;
  points.total = drawn->map.size(0);
  points.rows.resize(static_cast<std::size_t>(points.total));
  std::iota(points.rows.begin(), points.rows.end(), std::int64_t{0});
  points.chosen = points.rows;
  points.splits = {"test"};
  points.split.assign(points.rows.size(), 0);
  points.shape = checkpoint.model->image_shape();
  const auto known = [&](std::int64_t label) {
    return label >= 0 && label < std::ssize(facts.class_names);
  };
  if (!drawn->labels.empty() && std::ranges::all_of(drawn->labels, known)) {
    points.labels = std::move(drawn->labels);
    points.class_names = facts.class_names;
  }
  points.missing.push_back(
      "The images are not here: the map is the one that was drawn, and only the axes of the latent "
      "space can be decoded.");
  out.mapping.earlier = drawn_maps(folder, facts.epochs, points.chosen, points.total);
  out.mapping.given = std::move(drawn->map);
  out.mapping.method = "UMAP";
  out.mapping.seed = facts.seed;
  return out;
}

}  // namespace hourglass
