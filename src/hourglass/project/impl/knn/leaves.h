// Rows in leaves of kLeaf nearby rows, prepared for the kernels of a search: the leaves of a
// balanced k-d tree (Bentley 1975). Not the search: see search.h.
#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/kernels/near.h"
#include "hourglass/project/impl/knn/embedding.h"

namespace hourglass {

struct Leaves {
  std::int64_t count = 0;
  std::int64_t near = 0;            // columns of the first images
  std::vector<std::int32_t> order;  // [count * kLeaf], the row in each slot; -1 for none
  Tensor points;                    // [count, near, kLeaf], first images
  Tensor bias;                      // [count * kLeaf], -|image|^2 / 2; -infinity for none
  Tensor low, high;                 // [count, near], the box around a leaf's points
  std::vector<Tensor> far_points;   // each [count * kLeaf, columns], the larger images
  std::vector<float> error;         // [count * kLeaf], as in Images
  std::vector<float> most_error;    // [count], of a leaf's points
  std::vector<float> most_norm;     // [count], the largest |image|^2 of a leaf
};

/// Leaves of some rows of x.
Leaves make_leaves(const Embedding& embedding, ConstView x, std::vector<std::int32_t> rows,
                   ThreadPool& pool);

}  // namespace hourglass
