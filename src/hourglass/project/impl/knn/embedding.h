// A map of rows into few columns in which no two rows are farther apart than they are: a bound
// that settles most pairs of a neighbour search. Not PCA: the directions are those of a sample and
// need only be orthonormal, not exact; see pca.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/base/threads.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {

/// Row x goes to its share in each of some orthonormal directions and, where these do not span all
/// columns, the length of what is left over. The distance of two images is at most that of the rows
/// (Pythagoras, and the triangle inequality for what is left).
struct Embedding {
  std::int64_t columns = 0;     // of a row
  std::int64_t directions = 0;  // the longest first
  std::int64_t near = 0;        // columns of the first image: all directions, or some and the rest
  std::vector<std::int64_t> far;  // columns of the larger images, which are asked next; may be none
  float scale = 1;  // a power of two: rows are multiplied by it, so no square overflows
  Tensor shift;     // [columns], of the scaled rows: their mean in the sample
  Tensor basis;     // [columns, padded(directions)]; empty: the columns themselves
};

/// Fits an embedding to a sample of x [n, d]. Few columns are rotated, and that is all; of many,
/// the first image has as few as settle most pairs of the sample, or all where none do.
Embedding fit_embedding(ConstView x, ThreadPool& pool);

/// The images of some rows.
struct Images {
  Tensor near;               // [m, near]
  std::vector<Tensor> far;   // each [m, far]
  std::vector<float> error;  // [m]: an image is at most so far from where it belongs, rounding
                             // included; infinite if the row is too large for floats
};
Images embed(const Embedding& embedding, ConstView x, std::span<const std::int32_t> rows,
             ThreadPool& pool);

}  // namespace hourglass
