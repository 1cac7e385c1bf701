#include "hourglass/project/umap/model.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "hourglass/base/error.h"
#include "hourglass/base/random.h"
#include "hourglass/project/rows.h"
#include "hourglass/project/umap/impl/forces.h"
#include "hourglass/project/umap/options.h"
#include "hourglass/project/umap/smooth_distances.h"

namespace hourglass {
namespace {

constexpr int kShareOfEpochs = 3;  // of the fit's, for a new point
constexpr float kShareOfRate = 4.0f;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

void check_query(std::string_view what, ConstView x, std::int64_t columns, ThreadPool& pool) {
  check_finite("umap", x, pool);
  if (x.size(1) != columns) {
    fail("umap", "the {} have {} columns: the model's have {}", what, x.size(1), columns);
  }
}

const UmapModel& checked(const UmapModel& model) {
  model.check();
  return model;
}

/// out = the mean of rows `which` of x, weighted.
void weighted_mean(std::span<float> out, ConstView x, std::span<const std::int32_t> which,
                   std::span<const float> weights) {
  std::vector<double> sum(out.size(), 0.0);
  double total = 0;
  for (std::size_t j = 0; j < which.size(); ++j) {
    const auto weight = static_cast<double>(weights[j]);
    total += weight;
    const auto row = x.row(which[j]);
    for (std::size_t c = 0; c < out.size(); ++c) sum[c] += weight * static_cast<double>(row[c]);
  }
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = static_cast<float>(sum[c] / total);
}

/// A hash of the row's values: the seed of its random numbers.
std::uint64_t row_key(std::span<const float> row) {
  std::uint64_t key = 0;
  for (const float v : row) {
    const auto bits = std::bit_cast<std::uint32_t>(v + 0.0f);  // -0 becomes 0
    key = (std::rotl(key, 23) ^ bits) * 0x9e3779b97f4a7c15u;
  }
  return key;
}

/// Lays out new points, kForceBlock at a time.
class NewPoints {
 public:
  NewPoints(const UmapModel& model, const Neighbours& neighbours, const SmoothDistances& smooth,
            ConstView rows)
      : model_(model), neighbours_(neighbours), rows_(rows), share_(neighbours.distances.size()) {
    for (std::int64_t i = 0; i < neighbours.rows; ++i) {
      const auto distances = neighbours.distances_of(i);
      const auto share = std::span(share_).subspan(at(i * neighbours.k), distances.size());
      for (std::size_t j = 0; j < distances.size(); ++j) {
        share[j] = membership(distances[j], smooth.rho[at(i)], smooth.sigma[at(i)]);
      }
      const float largest = share[0];  // the nearest one's
      for (float& s : share) s = largest > 0 ? s / largest : 1.0f;
    }
    seed_ = Rng(model.options.seed, Stream::umap_transform).next();
  }

  /// Computes the positions of rows [begin, end).
  void lay_out(View positions, std::int64_t begin, std::int64_t end) const {
    const std::int64_t dims = positions.size(1), k = neighbours_.k;
    const ConstView map = model_.fitted.map;
    Field field{.positions = map.data(),
                .n = map.size(0),
                .dims = dims,
                .curve = model_.fitted.curve,
                .repulsion_strength = model_.options.repulsion_strength,
                .negative_samples = model_.options.negative_sample_rate};
    std::vector<std::int32_t> due(at(kForceBlock * k));
    std::vector<std::uint64_t> keys(at(end - begin));
    ForceBlock block;
    block.used = static_cast<int>(end - begin);
    block.targets = due.data();
    for (std::int64_t lane = 0; lane < kForceBlock; ++lane) {
      block.first[lane] = static_cast<std::int32_t>(lane * k);
      block.count[lane] = 0;
      block.random[lane] = 1;
      if (lane >= end - begin) continue;
      const auto start = positions.row(begin + lane);
      begin_at(start, begin + lane);
      keys[at(lane)] = row_key(rows_.row(begin + lane)) ^ seed_;
      for (std::int64_t d = 0; d < dims; ++d) block.own[d * kForceBlock + lane] = start[at(d)];
    }
    const int epochs = model_.fitted.n_epochs / kShareOfEpochs;
    for (int epoch = 1; epoch < epochs; ++epoch) {
      field.rate = model_.options.learning_rate / kShareOfRate *
                   (1.0f - static_cast<float>(epoch) / static_cast<float>(epochs));
      for (std::int64_t lane = 0; lane < end - begin; ++lane) {
        block.count[lane] = list_due(begin + lane, epoch, due.data() + lane * k);
        block.random[lane] = first_random(keys[at(lane)], static_cast<std::uint64_t>(epoch));
      }
      apply_forces(field, block);
    }
    for (std::int64_t lane = 0; lane < end - begin; ++lane) {
      for (std::int64_t d = 0; d < dims; ++d) {
        positions[(begin + lane) * dims + d] = block.own[d * kForceBlock + lane];
      }
    }
  }

 private:
  void begin_at(std::span<float> position, std::int64_t i) const {
    const auto near = neighbours_.indices_of(i);
    if (neighbours_.distances_of(i)[0] > 0) {
      weighted_mean(position, model_.fitted.map, near, shares_of(i));
    } else {
      std::ranges::copy(model_.fitted.map.row(near[0]), position.begin());
    }
  }

  std::int32_t list_due(std::int64_t i, int epoch, std::int32_t* due) const {
    std::int32_t count = 0;
    const auto share = shares_of(i);
    for (std::size_t j = 0; j < share.size(); ++j) {
      const auto times = static_cast<std::int32_t>(share[j] * static_cast<float>(epoch));
      if (times > static_cast<std::int32_t>(share[j] * static_cast<float>(epoch - 1))) {
        due[count++] = neighbours_.indices_of(i)[j];
      }
    }
    return count;
  }

  std::span<const float> shares_of(std::int64_t i) const {
    return std::span(share_).subspan(at(i * neighbours_.k), at(neighbours_.k));
  }

  const UmapModel& model_;
  const Neighbours& neighbours_;
  ConstView rows_;
  std::vector<float> share_;  // [rows, k], of the epochs in which a neighbour pulls
  std::uint64_t seed_ = 0;
};

}  // namespace

UmapModel fit_umap(Tensor x, const UmapOptions& options, ThreadPool& pool, Progress& progress) {
  UmapResult fitted = umap(x, options, pool, progress);
  return {options, std::move(x), std::move(fitted)};
}

UmapTransformer::UmapTransformer(const UmapModel& model, ThreadPool& pool)
    : model_(checked(model)),
      data_(model.data, model.options.metric, pool),
      map_(model.fitted.map, Metric::euclidean, pool) {}

Tensor UmapTransformer::transform(ConstView rows, ThreadPool& pool) const {
  check_query("rows", rows, model_.data.size(1), pool);
  Tensor positions(Shape{rows.size(0), model_.fitted.map.size(1)});
  if (rows.size(0) == 0) return positions;
  const Neighbours neighbours = data_.query(rows, model_.fitted.n_neighbors, pool);
  const SmoothDistances smooth =
      smooth_query_distances(neighbours, model_.options.local_connectivity, pool);
  const NewPoints points(model_, neighbours, smooth, rows);
  parallel_for(pool, rows.size(0), kForceBlock, [&](std::int64_t begin, std::int64_t end) {
    points.lay_out(positions, begin, end);
  });
  check_positions(positions, model_.options);
  return positions;
}

Tensor UmapTransformer::inverse_transform(ConstView positions, ThreadPool& pool) const {
  check_query("positions", positions, model_.fitted.map.size(1), pool);
  Tensor data(Shape{positions.size(0), model_.data.size(1)});
  if (positions.size(0) == 0) return data;
  const Neighbours near = map_.query(positions, model_.fitted.n_neighbors, pool);
  parallel_for(pool, positions.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> weights(at(near.k));
    for (std::int64_t i = begin; i < end; ++i) {
      const auto distances = near.distances_of(i);
      const bool one_distance = !(distances.front() < distances.back());
      for (std::size_t j = 0; j < weights.size(); ++j) {
        const float share = one_distance ? 0.0f : distances[j] / distances.back();
        weights[j] = (1 - share * share) * (1 - share * share);
      }
      weighted_mean(data.row(i), model_.data, near.indices_of(i), weights);
    }
  });
  return data;
}

Tensor transform(const UmapModel& model, ConstView rows, ThreadPool& pool) {
  return UmapTransformer(model, pool).transform(rows, pool);
}

Tensor inverse_transform(const UmapModel& model, ConstView positions, ThreadPool& pool) {
  return UmapTransformer(model, pool).inverse_transform(positions, pool);
}

}  // namespace hourglass
