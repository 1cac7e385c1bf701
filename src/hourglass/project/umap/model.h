// A fitted UMAP: transforms new points into its map, and positions in the map back to data. Not a
// file: saved.h writes the named tensors that it consists of.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/project/knn.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {

struct UmapModel {
  UmapOptions options;  // as requested
  Tensor data;          // [n, d], the mapped rows
  UmapResult fitted;    // the map and facts about it
  /// [d] or empty: was subtracted in double from the rows before they became float32. transform()
  /// expects rows from which it has been subtracted, and inverse_transform() gives such rows.
  std::vector<double> origin = {};

  /// Throws Error unless data, map, options and facts belong together.
  void check() const;
};

/// umap() of x, with x and the options. Throws like umap().
UmapModel fit_umap(Tensor x, const UmapOptions& options, ThreadPool& pool,
                   Progress& progress = Progress::none());

/// A model prepared for many calls: transforms one row in less than 2 ms after a fit of 70,000 rows
/// of 32 columns.
class UmapTransformer {
 public:
  /// `model` is borrowed and must outlive this.
  UmapTransformer(const UmapModel& model, ThreadPool& pool);

  /// Positions [m, n_components] of rows [m, d] in the model's map. A position depends on the row
  /// and the model alone: same bits among any other rows and for any number of threads. A row that
  /// equals a mapped one has its position, of several that of the lowest index. Any other is beside
  /// the nearest of its n_neighbors neighbours that is in the part of the map where most of them
  /// are, a tenth farther from their mean. So new points are spread as widely as the mapped ones.
  /// Throws Error if the columns differ from the model's or a value is not finite.
  Tensor transform(ConstView rows, ThreadPool& pool) const;

  /// Data rows [m, d] for positions [m, n_components], inside the map or outside: the mean of the
  /// data of the n_neighbors nearest mapped points, each weighted by (1 - (r / R)^2)^2 with r its
  /// distance and R that of the farthest of them. A point's weight reaches 0 before another point
  /// replaces it, so the data change smoothly with the position. Same bits among any other
  /// positions. Throws Error as transform() does.
  Tensor inverse_transform(ConstView positions, ThreadPool& pool) const;

 private:
  const UmapModel& model_;
  NeighbourIndex data_;
  NeighbourIndex map_;
};

/// The same, for a single call.
Tensor transform(const UmapModel& model, ConstView rows, ThreadPool& pool);
Tensor inverse_transform(const UmapModel& model, ConstView positions, ThreadPool& pool);

/// The model as named tensors and text, without a copy: the views borrow from the model.
struct UmapParts {
  std::vector<std::pair<std::string, ConstView>> tensors;
  std::map<std::string, std::string> metadata;
};
UmapParts parts_of(const UmapModel& model);

/// The model from the result of parts_of(); unknown keys are ignored. Throws Error naming a tensor
/// or key that is missing or that does not fit the others.
UmapModel umap_from_parts(std::map<std::string, Tensor> tensors,
                          const std::map<std::string, std::string>& metadata);

}  // namespace hourglass
