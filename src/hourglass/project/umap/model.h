// A fitted UMAP that is kept: places new points in an old map, and finds the way back from the map
// to the data. Not a file: the lists of named tensors here are what saved files are made of.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/project/knn.h"
#include "hourglass/project/umap/umap.h"

namespace hourglass {

struct UmapModel {
  UmapOptions options;  // as asked for
  Tensor data;          // [n, d], what was mapped
  UmapResult fitted;    // its map and facts
};

/// umap() of x, kept. Throws as it does.
UmapModel fit_umap(Tensor x, const UmapOptions& options, ThreadPool& pool,
                   Progress& progress = Progress::none(), const UmapWatch& watch = {});

/// A model made ready to be asked, over and over: one row is placed in less than 2 ms where 70,000
/// rows of 32 were mapped.
class UmapPlacer {
 public:
  /// `model` is borrowed and must outlive the placer.
  UmapPlacer(const UmapModel& model, ThreadPool& pool);

  /// Places [m, n_components] for rows [m, d] in the model's map. A row's place is a function of
  /// the row, the model and its seed alone: the same bits in any company, for any number of
  /// threads. A row starts at the weighted mean of its neighbours' places, or at the place of a
  /// mapped row that it equals, and is laid out for a third of the fit's epochs, a quarter of its
  /// learning rate at first, among the mapped points, which stay where they are. Throws Error if
  /// the columns differ from the model's or a value is not finite.
  Tensor transform(ConstView rows, ThreadPool& pool) const;

  /// Data rows [m, d] for places [m, n_components], on the map or beside it: the mean of the data
  /// of the n_neighbors nearest mapped points, each weighted by (1 - (r / R)^2)^2 with r its
  /// distance and R that of the farthest of them. So a point has faded out before another takes its
  /// place, and the data change smoothly under a moving cursor. The same bits in any company.
  /// Throws Error as transform().
  Tensor codes_at(ConstView places, ThreadPool& pool) const;

 private:
  const UmapModel& model_;
  NeighbourIndex data_;
  NeighbourIndex map_;
};

/// The same, for one question.
Tensor transform(const UmapModel& model, ConstView rows, ThreadPool& pool);
Tensor codes_at(const UmapModel& model, ConstView places, ThreadPool& pool);

/// The model as named tensors and text, without a copy: the views live as long as the model.
struct UmapParts {
  std::vector<std::pair<std::string, ConstView>> tensors;
  std::map<std::string, std::string> metadata;
};
UmapParts parts_of(const UmapModel& model);

/// The model from what parts_of() gave, unknown keys ignored. Throws Error naming a tensor or key
/// that is missing or that does not fit the others.
UmapModel umap_from_parts(std::map<std::string, Tensor> tensors,
                          const std::map<std::string, std::string>& metadata);

}  // namespace hourglass
