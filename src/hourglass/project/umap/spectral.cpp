#include "hourglass/project/umap/spectral.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/base/error.h"
#include "hourglass/project/impl/distances.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/umap/impl/checks.h"
#include "hourglass/project/umap/impl/eigenvectors.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

constexpr float kExtent = 10.0f;  // of the start
constexpr double kNoise = 1e-4;   // separates points that start at one position

float largest_magnitude(std::span<const float> values) {
  float largest = 0;
  for (const float v : values) largest = std::max(largest, std::abs(v));
  return largest;
}

/// Scores [n, dims] on the principal components, columns of zeros where the data have fewer.
Tensor pca_positions(ConstView x, int dims, ThreadPool& pool) {
  Tensor positions(Shape{x.size(0), dims});
  const auto possible = static_cast<int>(std::min<std::int64_t>({dims, x.size(0), x.size(1)}));
  if (x.size(0) < 2) return positions;
  // A start may have any scale, and scaled data have finite covariances.
  const float largest = largest_magnitude(x.span());
  Tensor scaled(x.shape());
  for (std::int64_t i = 0; i < x.count(); ++i) scaled[i] = largest > 0 ? x[i] / largest : 0.0f;
  const Tensor scores = fit_pca(scaled, possible, pool).transform(scaled, pool);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    for (int c = 0; c < possible; ++c) positions[i * dims + c] = scores[i * possible + c];
  }
  return positions;
}

/// The position of each component of a disconnected graph, within -1 .. 1: the ends of the axes if
/// there are enough of them, otherwise the principal components of the components' centres.
Tensor component_positions(const Components& components, ConstView x, int dims, ThreadPool& pool) {
  Tensor positions(Shape{components.count, dims});
  if (components.count <= 2 * dims) {
    for (std::int32_t c = 0; c < components.count; ++c) {
      positions.row(c)[static_cast<std::size_t>(c / 2)] = c % 2 == 0 ? 1.0f : -1.0f;
    }
    return positions;
  }
  Tensor centres(Shape{components.count, x.size(1)});
  std::vector<double> sums(static_cast<std::size_t>(centres.count()), 0.0);
  std::vector<double> sizes(static_cast<std::size_t>(components.count), 0.0);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const auto c = static_cast<std::size_t>(components.of[static_cast<std::size_t>(i)]);
    sizes[c] += 1;
    const auto row = x.row(i);
    for (std::size_t j = 0; j < row.size(); ++j) {
      sums[c * row.size() + j] += static_cast<double>(row[j]);
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double size = sizes[i / static_cast<std::size_t>(x.size(1))];
    centres[static_cast<std::int64_t>(i)] = static_cast<float>(sums[i] / size);
  }
  positions = pca_positions(centres, dims, pool);
  const float largest = largest_magnitude(positions.span());
  if (largest > 0) {
    for (float& v : positions.span()) v /= largest;
  }
  return positions;
}

/// Half the distance from position c to the nearest other one, 1 if all are the same.
float room_at(const Tensor& positions, std::int64_t c) {
  double nearest = std::numeric_limits<double>::infinity();
  const std::int64_t dims = positions.size(1);
  for (std::int64_t other = 0; other < positions.size(0); ++other) {
    const double d = squared_distance(positions.row(c).data(), positions.row(other).data(), dims);
    if (d > 0) nearest = std::min(nearest, d);
  }
  return std::isinf(nearest) ? 1.0f : static_cast<float>(std::sqrt(nearest) / 2);
}

/// Starts one connected component around the origin, within -room .. room. Returns false if the
/// start is random because the eigenvectors did not converge.
bool start_component(const FuzzyGraph& graph, float room, Tensor& out, Rng& rng, ThreadPool& pool) {
  const int dims = static_cast<int>(out.size(1));
  const bool small = graph.vertices() < std::max(2 * dims, dims + 2);
  const auto vectors = small ? std::nullopt : laplacian_eigenvectors(graph, dims, pool);
  if (!vectors) {
    for (float& v : out.span()) {
      v = room * static_cast<float>(rng.uniform(-1.0, 1.0));
    }
    return small;
  }
  double largest = 0;
  for (const auto& vector : *vectors) {
    for (const double v : vector) largest = std::max(largest, std::abs(v));
  }
  for (std::int64_t i = 0; i < out.size(0); ++i) {
    for (int c = 0; c < dims; ++c) {
      const double v = (*vectors)[static_cast<std::size_t>(c)][static_cast<std::size_t>(i)];
      out[i * dims + c] = room * static_cast<float>(v / largest);
    }
  }
  return true;
}

void check_data(const FuzzyGraph& graph, ConstView x, int dims) {
  check_map_dims(dims);
  check_graph(graph);
  require_matrix("umap", "x", x);
  require(x.size(0) == graph.vertices() && x.size(0) >= 1 && x.size(1) >= 1, "umap", "x",
          x.shape().text(), "one row for each vertex of the graph is needed");
  require_finite("umap", "x", x.span());
}

/// The largest coordinate becomes kExtent, and a little noise is added.
void finish(View positions, Rng& rng) {
  const float largest = largest_magnitude(positions.span());
  for (float& v : positions.span()) {
    if (largest > 0) v *= kExtent / largest;
    v += static_cast<float>(kNoise * rng.normal());
  }
}

}  // namespace

SpectralStart spectral_start(const FuzzyGraph& graph, ConstView x, int dims, Rng& rng,
                             ThreadPool& pool) {
  check_data(graph, x, dims);
  SpectralStart start;
  const Components components = connected_components(graph);
  start.components = components.count;
  start.positions = Tensor(Shape{graph.vertices(), dims});
  if (components.count == 1) {
    if (!start_component(graph, 1.0f, start.positions, rng, pool)) {
      start.how = UmapStart::kPca;
      start.positions = pca_positions(x, dims, pool);
    }
  } else {
    start.how = UmapStart::kComponents;
    const Tensor positions = component_positions(components, x, dims, pool);
    std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(components.count));
    for (std::size_t v = 0; v < components.of.size(); ++v) {
      members[static_cast<std::size_t>(components.of[v])].push_back(static_cast<std::int32_t>(v));
    }
    for (std::int32_t c = 0; c < components.count; ++c) {
      const auto& vertices = members[static_cast<std::size_t>(c)];
      Tensor part(Shape{static_cast<std::int64_t>(vertices.size()), dims});
      start_component(component_graph(graph, vertices), room_at(positions, c), part, rng, pool);
      for (std::size_t i = 0; i < vertices.size(); ++i) {
        for (int k = 0; k < dims; ++k) {
          start.positions[vertices[i] * dims + k] =
              positions[c * dims + k] + part[static_cast<std::int64_t>(i) * dims + k];
        }
      }
    }
  }
  finish(start.positions, rng);
  return start;
}

SpectralStart pca_start(const FuzzyGraph& graph, ConstView x, int dims, Rng& rng,
                        ThreadPool& pool) {
  check_data(graph, x, dims);
  SpectralStart start{pca_positions(x, dims, pool), UmapStart::kPca,
                      connected_components(graph).count};
  finish(start.positions, rng);
  return start;
}

SpectralStart random_start(const FuzzyGraph& graph, int dims, Rng& rng) {
  check_map_dims(dims);
  check_graph(graph);
  SpectralStart start{Tensor(Shape{graph.vertices(), dims}), UmapStart::kRandom,
                      connected_components(graph).count};
  for (float& v : start.positions.span()) {
    v = static_cast<float>(rng.uniform(-1.0, 1.0)) * kExtent;
  }
  return start;
}

}  // namespace hourglass
