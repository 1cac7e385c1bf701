// The latent vectors of the points of a pack, and the search among them. Not their positions on a
// map: see explorer.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/models/apply.h"
#include "hourglass/project/knn.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Latent vectors that are given, or that a model makes of the images when they are first needed:
/// those of the model of another epoch, of which few are needed to show what is under the cursor.
class PointLatents {
 public:
  explicit PointLatents(Tensor given);  ///< [count, d]
  /// Images [count, values]; the coder must outlive this, as what the images borrow must.
  PointLatents(RowSource images, Coder& coder, std::int64_t latent_dim);

  /// [count, d], in which the rows of these points are right.
  ConstView with(std::span<const std::int32_t> points);
  ConstView all();  ///< [count, d]
  /// Of all. Throws Error if one is not finite.
  const NeighbourIndex& index(ThreadPool& pool);

 private:
  Tensor rows_;
  RowSource images_;
  Coder* coder_ = nullptr;  // null: all are known
  std::vector<bool> known_;
  std::optional<NeighbourIndex> index_;
};

}  // namespace hourglass
