// The nearest images by their pixels: exact, in whole numbers. Latent vectors and positions on a
// map are searched by project/knn.h, whose numbers have fractions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hourglass {

/// A point of a pack and its distance to what was asked for.
struct NearImage {
  std::int32_t row = 0;
  std::uint64_t squared = 0;  // the sum over values of the squared difference of two bytes
};

/// The min(k, n) images of `images` [n, values] nearest to `query` [values], nearest first, ties to
/// the lower row, without the row `left_out` (-1: none). Reads every image, at least in part.
std::vector<NearImage> near_images(std::span<const std::uint8_t> images,
                                   std::span<const std::uint8_t> query, int k,
                                   std::int64_t left_out = -1);

}  // namespace hourglass
