// The arithmetic of a neighbour search: which of many pairs of points may be near each other. Not
// the search: see project/knn. What is exact here is said to be; the rest is float32, and who calls
// it allows for rounding.
#pragma once

#include <cstdint>

namespace hourglass {

/// Points are searched in leaves of this many; places that no point takes are filled by the caller.
inline constexpr int kLeaf = 64;

/// Pairs of points that a kernel found, as two arrays of equal length.
struct NearPairs {
  std::uint32_t* pair;  // row m and column j as m * kLeaf + j
  float* value;         // what decided
};

/// Pairs whose product with bias, bias[j] + sum over c in order of rows[row_offset[m] + c] *
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

/// Of pairs already found, those whose rows in `rows` and `columns` are within sqrt(limit[m]).
struct NearRefine {
  const float* rows;
  const std::int32_t* row_offset;  // [row_count]
  const float* limit;              // [row_count], of the squared distance
  const float* columns;            // [kLeaf, depth]
  std::int64_t depth;              // a multiple of kLanes
};

struct NearKernels {
  /// Writes the pairs, their values the products, and returns their number; there is room for
  /// (row_count + 1) * kLeaf.
  std::int64_t (*product)(const NearPairs& pairs, const NearProduct&);
  /// Keeps some of `count` pairs, in order, their values now squared distances, and returns their
  /// number.
  std::int64_t (*refine)(const NearPairs& pairs, std::int64_t count, const NearRefine&);
  /// out[i] = the squared distance of point i of a leaf, points [depth, kLeaf], from the box
  /// between low and high [depth].
  void (*box)(float* out, const float* points, const float* low, const float* high,
              std::int64_t depth);
  /// |a - b|^2 of d floats in double, in eight sums of every eighth term: the same bits in every
  /// kernel set.
  double (*squared_distance)(const float* a, const float* b, std::int64_t d);
};

}  // namespace hourglass
