#include "hourglass/project/umap/impl/checks.h"

#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/project/umap/impl/forces.h"

namespace hourglass {
namespace {

void check_indices(std::string_view argument, std::span<const std::int32_t> indices,
                   std::int64_t among) {
  for (const std::int32_t index : indices) {
    if (index >= 0 && index < among) continue;
    throw Error("umap", argument, fmt::format("{}", index),
                fmt::format("must be from 0 to {}", among - 1));
  }
}

void check_values(std::string_view argument, std::span<const float> values) {
  for (const float value : values) {
    require(value >= 0 && std::isfinite(value), "umap", argument, value,
            "must be finite and at least 0");
  }
}

}  // namespace

void check_neighbours(const Neighbours& neighbours, std::int64_t among) {
  const std::int64_t rows = neighbours.rows, k = neighbours.k;
  require(rows >= 0 && rows <= std::numeric_limits<std::int32_t>::max(), "umap", "rows", rows,
          "must be from 0 to 2^31 - 1");
  require(k >= 1, "umap", "k", k, "must be at least 1");
  require(std::ssize(neighbours.indices) == rows * k, "umap", "indices", neighbours.indices.size(),
          "rows x k of them are needed");
  require(std::ssize(neighbours.distances) == rows * k, "umap", "distances",
          neighbours.distances.size(), "rows x k of them are needed");
  check_indices("indices", neighbours.indices, among);
  check_values("distances", neighbours.distances);
}

void check_graph(const FuzzyGraph& graph) {
  const auto& offsets = graph.offsets;
  bool fit = !offsets.empty() && offsets.front() == 0 && offsets.back() == graph.edges() &&
             graph.weights.size() == graph.targets.size();
  for (std::size_t v = 0; fit && v + 1 < offsets.size(); ++v) fit = offsets[v] <= offsets[v + 1];
  require(fit, "umap", "offsets", offsets.size(),
          "they must rise from 0 to the number of targets, which is that of weights");
  check_indices("targets", graph.targets, graph.vertices());
  check_values("weights", graph.weights);
}

void check_map_dims(std::int64_t dims) {
  require(dims >= 1 && dims <= kMostMapDims, "umap", "dims", dims, "must be from 1 to 64");
}

}  // namespace hourglass
