#include "hourglass/project/umap/model.h"

#include "hourglass/base/error.h"
#include "hourglass/project/rows.h"
#include "hourglass/project/umap/new_points.h"
#include "hourglass/project/umap/options.h"

namespace hourglass {
namespace {

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
  if (rows.size(0) == 0) return Tensor(Shape{0, model_.fitted.map.size(1)});
  const Neighbours near = data_.query(rows, model_.fitted.n_neighbors, pool);
  Tensor positions = place_among(model_.fitted.map, near, pool);
  check_positions(positions, model_.options);
  return positions;
}

Tensor UmapTransformer::inverse_transform(ConstView positions, ThreadPool& pool) const {
  check_query("positions", positions, model_.fitted.map.size(1), pool);
  if (positions.size(0) == 0) return Tensor(Shape{0, model_.data.size(1)});
  const Neighbours near = map_.query(positions, model_.fitted.n_neighbors, pool);
  return blend_of(model_.data, near, pool);
}

Tensor transform(const UmapModel& model, ConstView rows, ThreadPool& pool) {
  return UmapTransformer(model, pool).transform(rows, pool);
}

Tensor inverse_transform(const UmapModel& model, ConstView positions, ThreadPool& pool) {
  return UmapTransformer(model, pool).inverse_transform(positions, pool);
}

}  // namespace hourglass
