// A map of rows into few columns that never increases distances: a lower bound that decides most
// pairs of a neighbour search. Not PCA (see pca.h): the directions come from a sample and need only
// be orthonormal.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// The image of a row: its coordinates in some orthonormal directions and, if these do not span all
/// columns, the norm of the remainder. The distance of two images is at most that of the rows
/// (Pythagoras, and the triangle inequality for the remainders).
struct Embedding {
  std::int64_t columns = 0;     // of a row
  std::int64_t directions = 0;  // by descending variance
  std::int64_t near = 0;  // columns of the first image: all directions, or some and the remainder
  std::vector<std::int64_t> far;  // columns of the larger images, used next; may be empty
  float scale = 1;  // a power of two: rows are multiplied by it, so no square overflows
  Tensor shift;     // [columns], of the scaled rows: their mean in the sample
  Tensor basis;     // [columns, padded(directions)]; empty: the columns themselves
};

/// Fits an embedding to a sample of x [n, d]. Few columns are only rotated. For many columns, the
/// first image has the fewest that decide most pairs of the sample, or all of them.
Embedding fit_embedding(ConstView x, ThreadPool& pool);

/// The images of some rows.
struct Images {
  Tensor near;               // [m, near]
  std::vector<Tensor> far;   // each [m, far]
  std::vector<float> error;  // [m], bound on the distance of an image from the exact one,
                             // with rounding; infinite if the row is too large for floats
};
Images embed(const Embedding& embedding, ConstView x, std::span<const std::int32_t> rows,
             ThreadPool& pool);

}  // namespace hourglass
