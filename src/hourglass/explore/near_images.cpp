#include "hourglass/explore/near_images.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace hourglass {
namespace {

// Values summed before the sum is compared with the worst image kept: 255^2 times as many fit into
// 32 bits.
constexpr std::size_t kPiece = 256;

std::uint32_t squared_piece(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const int difference = static_cast<int>(a[i]) - static_cast<int>(b[i]);
    sum += static_cast<std::uint32_t>(difference * difference);
  }
  return sum;
}

/// The squared distance, or any number of at least `limit` if it is at least that.
std::uint64_t squared_up_to(const std::uint8_t* a, const std::uint8_t* b, std::size_t n,
                            std::uint64_t limit) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n && sum < limit; i += kPiece) {
    sum += squared_piece(a + i, b + i, std::min(kPiece, n - i));
  }
  return sum;
}

}  // namespace

std::vector<NearImage> near_images(std::span<const std::uint8_t> images,
                                   std::span<const std::uint8_t> query, int k,
                                   std::int64_t left_out) {
  assert(k >= 1 && !query.empty() && images.size() % query.size() == 0);
  const std::size_t values = query.size();
  const std::int64_t count = std::ssize(images) / std::ssize(query);
  std::vector<NearImage> near;  // nearest first
  near.reserve(static_cast<std::size_t>(std::min<std::int64_t>(k, count)) + 1);
  for (std::int64_t row = 0; row < count; ++row) {
    if (row == left_out) continue;
    const bool full = std::ssize(near) == k;
    const std::uint64_t limit =
        full ? near.back().squared : std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t squared = squared_up_to(
        images.data() + static_cast<std::size_t>(row) * values, query.data(), values, limit);
    if (full && squared >= limit) continue;  // an equal one has a lower row
    const auto at = std::upper_bound(
        near.begin(), near.end(), squared,
        [](std::uint64_t value, const NearImage& image) { return value < image.squared; });
    near.insert(at, {static_cast<std::int32_t>(row), squared});
    if (std::ssize(near) > k) near.pop_back();
  }
  return near;
}

}  // namespace hourglass
