#include "hourglass/figures/impl/reduce.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>
#include <vector>

namespace hourglass {
namespace {

struct Tally {
  std::uint32_t color = 0;  // 0xRRGGBB
  std::int64_t count = 0;
  std::uint32_t nearest = 0;  // of those kept
  std::int64_t distance = std::numeric_limits<std::int64_t>::max();
};

std::int64_t squared_distance(std::uint32_t a, std::uint32_t b) {
  std::int64_t sum = 0;
  for (const unsigned shift : {0u, 8u, 16u}) {
    const std::int64_t step = std::int64_t{(a >> shift) & 0xFF} - std::int64_t{(b >> shift) & 0xFF};
    sum += step * step;
  }
  return sum;
}

/// All colours, the commonest first.
std::vector<Tally> tallies_of(const std::vector<std::uint32_t>& pixels) {
  std::vector<std::pair<std::uint32_t, std::int64_t>>
      runs;  // drawings are mostly long runs of white
  for (const std::uint32_t color : pixels) {
    if (runs.empty() || runs.back().first != color) runs.emplace_back(color, 0);
    ++runs.back().second;
  }
  std::sort(runs.begin(), runs.end());
  std::vector<Tally> out;
  for (const auto& [color, count] : runs) {
    if (out.empty() || out.back().color != color) out.push_back({color, 0, 0});
    out.back().count += count;
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Tally& a, const Tally& b) { return a.count > b.count; });
  return out;
}

void keep(std::vector<Tally>& tallies, std::uint32_t color) {
  for (Tally& tally : tallies) {
    const std::int64_t distance = squared_distance(tally.color, color);
    if (distance >= tally.distance) continue;
    tally.distance = distance;
    tally.nearest = color;
  }
}

}  // namespace

Raster with_fewer_colors(Raster picture, std::size_t most) {
  assert(most >= 1);
  std::vector<std::uint32_t> pixels;
  pixels.reserve(picture.rgb.size() / 3);
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    pixels.push_back((std::uint32_t{picture.rgb[i]} << 16) |
                     (std::uint32_t{picture.rgb[i + 1]} << 8) | picture.rgb[i + 2]);
  }
  std::vector<Tally> tallies = tallies_of(pixels);
  if (tallies.size() <= most) return picture;

  const std::size_t common = std::max<std::size_t>(1, most / 2);
  for (std::size_t i = 0; i < common; ++i) keep(tallies, tallies[i].color);
  for (std::size_t i = common; i < most; ++i) {
    const auto missed = std::max_element(
        tallies.begin(), tallies.end(),
        [](const Tally& a, const Tally& b) { return a.distance * a.count < b.distance * b.count; });
    keep(tallies, missed->color);
  }

  std::sort(tallies.begin(), tallies.end(),
            [](const Tally& a, const Tally& b) { return a.color < b.color; });
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    std::uint32_t color = pixels[i];
    if (i > 0 && color == pixels[i - 1]) {
      std::copy_n(picture.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (i - 1)), 3,
                  picture.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i));
      continue;
    }
    color = std::lower_bound(tallies.begin(), tallies.end(), color,
                             [](const Tally& a, std::uint32_t b) { return a.color < b; })
                ->nearest;
    picture.rgb[3 * i] = static_cast<std::uint8_t>(color >> 16);
    picture.rgb[3 * i + 1] = static_cast<std::uint8_t>((color >> 8) & 0xFF);
    picture.rgb[3 * i + 2] = static_cast<std::uint8_t>(color & 0xFF);
  }
  return picture;
}

}  // namespace hourglass
