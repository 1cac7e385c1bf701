#include "hourglass/project/impl/knn/leaves.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace hourglass {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Range {
  std::int64_t begin, end;
};

/// The column of largest variance among some points.
std::int64_t widest_column(const Tensor& points, const std::int32_t* indices, std::int64_t count) {
  const std::int64_t width = points.size(1);
  std::vector<double> sum(static_cast<std::size_t>(width), 0.0), squares = sum;
  for (std::int64_t i = 0; i < count; ++i) {
    const float* point = points.data() + indices[i] * width;
    for (std::size_t c = 0; c < sum.size(); ++c) {
      const auto value = static_cast<double>(point[c]);
      sum[c] += value;
      squares[c] += value * value;
    }
  }
  std::size_t widest = 0;
  double most = -1;
  for (std::size_t c = 0; c < sum.size(); ++c) {
    const double variance = squares[c] - sum[c] * sum[c] / static_cast<double>(count);
    if (variance > most) {
      most = variance;
      widest = c;
    }
  }
  return static_cast<std::int64_t>(widest);
}

/// The points' indices, leaf by leaf. All leaves but the last are full.
std::vector<std::int32_t> leaf_order(const Tensor& points, ThreadPool& pool) {
  std::vector<std::int32_t> indices(static_cast<std::size_t>(points.size(0)));
  std::iota(indices.begin(), indices.end(), 0);
  std::vector<Range> level{{0, points.size(0)}};
  while (!level.empty()) {
    std::vector<std::int64_t> middles(level.size());
    pool.run(static_cast<std::int64_t>(level.size()), [&](std::int64_t task) {
      const auto [begin, end] = level[static_cast<std::size_t>(task)];
      if (end - begin <= kLeaf) {
        middles[static_cast<std::size_t>(task)] = end;
        std::sort(indices.begin() + begin, indices.begin() + end);
        return;
      }
      const std::int64_t leaves = (end - begin + kLeaf - 1) / kLeaf;
      const std::int64_t middle = begin + (leaves + 1) / 2 * kLeaf;
      const std::int64_t width = points.size(1);
      const float* column =
          points.data() + widest_column(points, indices.data() + begin, end - begin);
      std::nth_element(indices.begin() + begin, indices.begin() + middle, indices.begin() + end,
                       [&](std::int32_t a, std::int32_t b) {
                         const float x = column[a * width], y = column[b * width];
                         return x != y ? x < y : a < b;
                       });
      middles[static_cast<std::size_t>(task)] = middle;
    });
    std::vector<Range> next;
    for (std::size_t i = 0; i < level.size(); ++i) {
      if (middles[i] == level[i].end) continue;
      next.push_back({level[i].begin, middles[i]});
      next.push_back({middles[i], level[i].end});
    }
    level = std::move(next);
  }
  return indices;
}

}  // namespace

Leaves make_leaves(const Embedding& embedding, ConstView x, std::vector<std::int32_t> rows,
                   ThreadPool& pool) {
  const Images images = embed(embedding, x, rows, pool);
  const std::vector<std::int32_t> indices = leaf_order(images.near, pool);
  const auto n = static_cast<std::int64_t>(rows.size());
  Leaves l;
  l.count = (n + kLeaf - 1) / kLeaf;
  l.near = embedding.near;
  const auto slots = static_cast<std::size_t>(l.count * kLeaf);
  l.order.assign(slots, -1);
  l.error.assign(slots, 0.0f);
  l.points = Tensor(Shape{l.count, l.near, kLeaf});
  l.bias = Tensor(Shape{l.count * kLeaf});
  l.low = Tensor(Shape{l.count, l.near});
  l.high = Tensor(Shape{l.count, l.near});
  for (const std::int64_t width : embedding.far) {
    l.far_points.emplace_back(Shape{l.count * kLeaf, width});
  }
  l.most_error.assign(static_cast<std::size_t>(l.count), 0.0f);
  l.most_norm.assign(static_cast<std::size_t>(l.count), 0.0f);
  pool.run(l.count, [&](std::int64_t leaf) {
    float* points = l.points.data() + leaf * l.near * kLeaf;
    float* low = l.low.data() + leaf * l.near;
    float* high = l.high.data() + leaf * l.near;
    std::fill(low, low + l.near, kInfinity);
    std::fill(high, high + l.near, -kInfinity);
    for (std::int64_t i = 0; i < kLeaf; ++i) {
      const std::int64_t slot = leaf * kLeaf + i;
      l.bias[slot] = -kInfinity;
      if (slot >= n) continue;
      const std::int64_t index = indices[static_cast<std::size_t>(slot)];
      l.order[static_cast<std::size_t>(slot)] = rows[static_cast<std::size_t>(index)];
      const float* image = images.near.data() + index * l.near;
      double square = 0;
      for (std::int64_t c = 0; c < l.near; ++c) {
        points[c * kLeaf + i] = image[c];
        low[c] = std::min(low[c], image[c]);
        high[c] = std::max(high[c], image[c]);
        square += static_cast<double>(image[c]) * static_cast<double>(image[c]);
      }
      l.bias[slot] = static_cast<float>(-square / 2);
      for (std::size_t f = 0; f < l.far_points.size(); ++f) {
        std::ranges::copy(images.far[f].row(index), l.far_points[f].row(slot).begin());
      }
      const float error = images.error[static_cast<std::size_t>(index)];
      l.error[static_cast<std::size_t>(slot)] = error;
      float& most_error = l.most_error[static_cast<std::size_t>(leaf)];
      float& most_norm = l.most_norm[static_cast<std::size_t>(leaf)];
      most_error = std::max(most_error, error);
      most_norm = std::max(most_norm, static_cast<float>(square));
    }
  });
  return l;
}

}  // namespace hourglass
