// The arithmetic of a neighbour search: which of many pairs of points may be near each other. Not
// the search: see project/knn. Only squared_distance() is in double; the rest is float32, and
// callers must allow for rounding.
#pragma once

#include <cstdint>

namespace hourglass {

/// Points are searched in leaves of this many; the caller fills empty slots.
inline constexpr int kLeaf = 64;

/// Pairs of points that a kernel found, as two arrays of equal length.
struct NearPairs {
  std::uint32_t* pair;  // row m and column j as m * kLeaf + j
  float* value;         // product or squared distance
};

/// Finds pairs whose product with bias, bias[j] + sum over c in order of rows[row_offset[m] + c] *
/// columns[c * kLeaf + j], is at least limit[m].
struct NearProduct {
  const float* rows;
  const std::int32_t* row_offset;  // [row_count]
  const float* limit;              // [row_count]
  std::int64_t row_count;
  const float* columns;  // [depth, kLeaf]
  const float* bias;     // [kLeaf]
  std::int64_t depth;
};

/// Keeps those of the found pairs whose points in `rows` and `columns` are within sqrt(limit[m]).
struct NearRefine {
  const float* rows;
  const std::int32_t* row_offset;  // [row_count]
  const float* limit;              // [row_count], of the squared distance
  const float* columns;            // [kLeaf, depth]
  std::int64_t depth;              // a multiple of kVectorFloats
};

struct NearKernels {
  /// Writes the pairs and their products, and returns their number. The arrays need room for
  /// (row_count + 1) * kLeaf.
  std::int64_t (*product)(const NearPairs& pairs, const NearProduct&);
  /// Keeps some of `count` pairs, in order, with their squared distances as values, and returns
  /// their number.
  std::int64_t (*refine)(const NearPairs& pairs, std::int64_t count, const NearRefine&);
  /// out[i] = the squared distance between point i of a leaf, points [depth, kLeaf], and the box
  /// from low to high [depth].
  void (*box)(float* out, const float* points, const float* low, const float* high,
              std::int64_t depth);
  /// |a - b|^2 of d floats in double, as eight sums of every eighth term: the same bits in every
  /// kernel set.
  double (*squared_distance)(const float* a, const float* b, std::int64_t d);
};

}  // namespace hourglass
