// The map that the explorer shows, and what is near a position of it.
#pragma once

#include "hourglass/base/threads.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The points from which a position is blended, and to which a new point is placed: as many as
/// UMAP's n_neighbors by default.
inline constexpr int kBlendPoints = 15;

/// A map [n, 2] prepared for searches.
class ShownMap {
 public:
  /// Throws Error if a position is not finite.
  ShownMap(Tensor positions, ThreadPool& pool);

  const Tensor& positions() const { return positions_; }
  const NeighbourIndex& index() const { return index_; }
  /// The points from which a position is blended, at most kBlendPoints.
  int blend_points() const;

  /// Whether a position is far from all data: farther from the nearest point than `reach`, the
  /// distance to the 15th nearest other point that 95 of 100 points have or undercut. The points of
  /// a cluster are nearer to each other, so that inside of one, and for a little way around it,
  /// nothing is far.
  bool far(float distance) const { return distance > reach_; }
  float reach() const { return reach_; }

 private:
  Tensor positions_;
  NeighbourIndex index_;
  float reach_;
};

}  // namespace hourglass
