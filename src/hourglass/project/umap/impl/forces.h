// What moves the points of a UMAP: the pulls of a vertex's edges and the pushes of strangers, for
// a block of vertices at once. Not the order in which vertices take their turns: see layout.h.
#pragma once

#include <cstdint>

#include "hourglass/project/umap/curve.h"

namespace hourglass {

/// Vertices worked on together, each in a lane of its own. Lanes never meet: what a vertex gets
/// depends neither on the vertices beside it nor on the width of the machine's vectors, and no
/// product is fused with a sum. So the bits are the same in any company and on every machine.
inline constexpr int kForceBlock = 32;
inline constexpr int kMostMapDims = 64;
/// A pull carries a vertex at most so many times the way to the other end. From 2 on two points
/// that are tied to each other and hardly to others, taking turns, would leap over each other again
/// and again, and away from the map.
inline constexpr float kFarthestPull = 1.5f;

/// What is the same for all vertices in an epoch.
struct Field {
  const float* places = nullptr;  // [n, dims], which stand still
  std::int64_t n = 0;             // at most 2^24
  std::int64_t dims = 0;          // 1 .. kMostMapDims
  Curve curve;
  float repulsion_strength = 1.0f;
  int strangers = 5;  // drawn for each edge
  float pull = 1.0f;  // weight of an edge's pull
  float rate = 1.0f;  // length of the steps
};

struct ForceBlock {
  int used = kForceBlock;  // lanes that hold a vertex: the first ones
  // Edges of lane l that are due in this epoch: targets[first[l]] .. [first[l] + count[l] - 1]. A
  // lane without a vertex has count 0 and another's `first`.
  const std::int32_t* targets = nullptr;
  alignas(64) std::int32_t first[kForceBlock];
  alignas(64) std::int32_t count[kForceBlock];
  alignas(64) std::uint32_t random[kForceBlock];      // not 0; moved on
  alignas(64) float own[kMostMapDims * kForceBlock];  // [dims, kForceBlock], moved
};

/// Moves the vertices of a block. For each edge that is due, in order: a pull towards its other
/// end, then a push away from each of `strangers` vertices drawn at random, each felt where the
/// vertex stands by then. With x the difference, r its length and p = r^(2b), they are the gradient
/// of the cross entropy (McInnes, Healy, Melville 2018, section 3.2),
///   -2ab pull p / (r^2 (1 + a p)) x   and   2b repulsion_strength / ((0.001 + r^2) (1 + a p)) x,
/// each coordinate within -4 .. 4, times the rate; a pull reaches kFarthestPull x at most. p is
/// good to four digits.
void feel(const Field& field, ForceBlock& block);

/// Of the edges [begin, end), lists the targets of those that are due, in order, and returns their
/// number: those whose share of the epochs reaches one more whole number between epochs `before`
/// and `now`. Up to kForceBlock entries of `due` beyond those listed are overwritten.
std::int32_t list_due(std::int32_t* due, const std::int32_t* targets, const float* share,
                      std::int64_t begin, std::int64_t end, float before, float now);

/// The first number of a vertex's stream of random numbers, never 0; those after it are Marsaglia's
/// xorshift (2003) with shifts 13, 17 and 5.
std::uint32_t first_random(std::uint64_t seed, std::uint64_t turn);

}  // namespace hourglass
