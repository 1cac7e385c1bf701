// The forces that move the points of a UMAP: the pulls of a vertex's edges and the pushes of random
// other vertices, for a block of vertices at once. Not the order of the vertices: see layout.h.
#pragma once

#include <cstdint>

#include "hourglass/project/umap/curve.h"

namespace hourglass {

/// Vertices that are moved together, each in its own SIMD lane. Lanes are independent: a vertex's
/// result depends neither on the other vertices of the block nor on the machine's vector width, and
/// no product is fused with a sum. So the bits are the same in any block and on every machine.
inline constexpr int kForceBlock = 32;
inline constexpr int kMostMapDims = 64;
/// A pull moves a vertex at most this many times the distance to the other end of the edge. From 2
/// on, two points with a strong edge between them and weak edges to all others would jump over each
/// other again and again, and leave the map.
inline constexpr float kFarthestPull = 1.5f;

/// What is the same for all vertices in an epoch.
struct Field {
  const float* positions = nullptr;  // [n, dims], not moved
  std::int64_t n = 0;                // at most 2^24
  std::int64_t dims = 0;             // 1 .. kMostMapDims
  Curve curve;
  float repulsion_strength = 1.0f;
  int negative_samples = 5;  // random vertices drawn for each edge
  float pull = 1.0f;         // weight of an edge's pull
  float rate = 1.0f;         // length of the steps
};

struct ForceBlock {
  int used = kForceBlock;  // lanes that hold a vertex: the first ones
  // Edges of lane l that are due in this epoch: targets[first[l]] .. [first[l] + count[l] - 1]. A
  // lane without a vertex has count 0 and another's `first`.
  const std::int32_t* targets = nullptr;
  alignas(64) std::int32_t first[kForceBlock];
  alignas(64) std::int32_t count[kForceBlock];
  alignas(64) std::uint32_t random[kForceBlock];      // not 0; updated
  alignas(64) float own[kMostMapDims * kForceBlock];  // [dims, kForceBlock], moved
};

/// Moves the vertices of a block. For each edge that is due, in order: a pull towards its other
/// end, then a push away from each of `negative_samples` vertices drawn at random, each computed at
/// the vertex's current position. With x the difference, r its norm and p = r^(2b), the forces are
/// the gradient of the cross entropy (McInnes, Healy, Melville 2018, section 3.2),
///   -2ab pull p / (r^2 (1 + a p)) x   and   2b repulsion_strength / ((0.001 + r^2) (1 + a p)) x,
/// each coordinate within -4 .. 4, times the rate; a pull reaches kFarthestPull x at most. p is
/// precise to four digits.
void apply_forces(const Field& field, ForceBlock& block);

/// Lists the targets of the edges [begin, end) that are due, in order, and returns their number. An
/// edge is due if share * epoch reaches another whole number between epochs `before` and `now`. Up
/// to kForceBlock entries of `due` after the listed ones are overwritten.
std::int32_t list_due(std::int32_t* due, const std::int32_t* targets, const float* share,
                      std::int64_t begin, std::int64_t end, float before, float now);

/// The first number of a vertex's random stream, never 0. The next ones are Marsaglia's xorshift
/// (2003) with shifts 13, 17 and 5.
std::uint32_t first_random(std::uint64_t seed, std::uint64_t turn);

}  // namespace hourglass
